"""Where data lies and which model embeds."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class KnowledgeSettings(BaseSettings):
    """Settings read from the environment: ``POLICY_ASSISTANT_DATA_DIR``, ``POLICY_ASSISTANT_EMBEDDING_MODEL``."""

    model_config = SettingsConfigDict(env_prefix="POLICY_ASSISTANT_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = Field(default_factory=lambda: Path(user_data_dir("policy-assistant")))
    """Folder of the index and the converted model; everything in it can be rebuilt from the package."""

    embedding_model: str | None = None
    """Folder or name of a sentence-transformers model that is on this machine; None for the bundled one."""
