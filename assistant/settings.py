"""Settings of the assistant, read from the environment."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AssistantSettings(BaseSettings):
    """``POLICY_ASSISTANT_HOST``, ``POLICY_ASSISTANT_PORT``, ``POLICY_ASSISTANT_MAX_QUESTION``."""

    model_config = SettingsConfigDict(env_prefix="POLICY_ASSISTANT_", env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    """Address the page is served on; only this machine unless it is set."""
    port: int = Field(default=7860, ge=1, le=65535)
    max_question: int = Field(default=2000, ge=1)
    """Longest question in characters."""
