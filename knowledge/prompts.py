"""The words that an embedding model expects before a question and before a passage."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NO_WORDS = "none"
"""What a setting says where no words are wanted; an empty one counts as not set."""

_CONFIG = "config_sentence_transformers.json"
# Names under which models store their words, in the order in which sentence-transformers looks them up.
_QUERY, _DOCUMENT = ("query",), ("document", "passage", "corpus")
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])")


@dataclass(frozen=True)
class Prompts:
    """What is put before a text; empty for nothing."""

    query: str = ""
    document: str = ""


E5 = Prompts("query: ", "passage: ")


def prompts_of(folder: Path | None, name: str, query: str | None = None, document: str | None = None) -> Prompts:
    """The words for a model: those set, else those stored in its folder, else those of its family, else none.

    Args:
        folder: Folder of the model; None where it need not be there yet.
        name: What the model is called: models of the E5 family find less without the words of their training.
        query: Setting for questions; None where there is none.
        document: Setting for passages.
    """
    stored = _stored(folder)
    family = E5 if _is_e5(name) else Prompts()
    return Prompts(
        query=_set(query) if query is not None else _first(stored, _QUERY) or family.query,
        document=_set(document) if document is not None else _first(stored, _DOCUMENT) or family.document,
    )


def _set(words: str) -> str:
    return "" if words.strip().lower() == NO_WORDS else words


def _stored(folder: Path | None) -> dict[str, Any]:
    try:
        prompts = json.loads((folder / _CONFIG).read_text("utf-8")).get("prompts") if folder else None
    except (OSError, ValueError, AttributeError):
        # A folder without them, or with a file that the library will not read either.
        return {}
    return prompts if isinstance(prompts, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _first(stored: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((words for name in names if isinstance(words := stored.get(name), str) and words), "")


def _is_e5(name: str) -> bool:
    """Whether a model takes ``query: `` and ``passage: ``; those tuned to instructions take others."""
    return bool(_E5.search(name.lower())) and "instruct" not in name.lower()
