"""Where data lies, which model embeds, and which Chroma holds the vectors."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class KnowledgeSettings(BaseSettings):
    """Settings read from the environment, each as ``POLICY_ASSISTANT_`` with its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="POLICY_ASSISTANT_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = Field(default_factory=lambda: Path(user_data_dir("policy-assistant")))
    """Folder of the index and the converted model; everything in it can be rebuilt from the package."""

    embedding_model: str | None = None
    """Folder or name of a sentence-transformers model that is on this machine; None for the bundled one."""

    embedding_query_prompt: str | None = None
    """Words before a question, trailing blank included; ``none`` for no words, None for those of the model."""

    embedding_document_prompt: str | None = None
    """Words before a passage; as for the question."""

    chroma_url: str | None = None
    """Address of a Chroma server, ``http://host:port``; None for the embedded one in the data folder."""

    reranker: Path | None = None
    """Folder of a sentence-transformers CrossEncoder that orders what was found anew; None for no reranking."""
