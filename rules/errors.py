"""What can go wrong with rule data and with what is handed to the calculator."""

from __future__ import annotations

from pathlib import Path


class RulesError(Exception):
    """Base of every error of this package."""


class RuleFileError(RulesError):
    """A rule file cannot be used; names file, line, field, value and what is allowed."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line


class ProfileError(RulesError):
    """A profile cannot be used; names field, value and what is allowed."""
