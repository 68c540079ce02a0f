"""Settings of the assistant, read from the environment."""

from __future__ import annotations

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError


class AssistantSettings(BaseSettings):
    """``POLICY_ASSISTANT_HOST``, ``POLICY_ASSISTANT_PORT``, ``POLICY_ASSISTANT_MAX_QUESTION``."""

    model_config = SettingsConfigDict(env_prefix="POLICY_ASSISTANT_", env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    """Address the page is served on; only this machine unless it is set."""
    port: int = Field(default=7860, ge=1, le=65535)
    max_question: int = Field(default=2000, ge=1)
    """Longest question in characters."""


def load_settings() -> AssistantSettings:
    """The settings of the environment.

    Raises:
        AssistantError: a variable has a value that is not allowed; names the variable.
    """
    try:
        return AssistantSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"POLICY_ASSISTANT_{str(first['loc'][0]).upper()}"
        raise AssistantError(
            f"环境变量 {name} 的值“{first['input']}”不能用：端口应是 1 至 65535，字数应至少为 1。"
        ) from error
