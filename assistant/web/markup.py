"""What stands in the chat: the answer without the clauses that the panel shows, and typed text as typed."""

from __future__ import annotations

import re

from assistant.model import Answer
from assistant.sources import one_line

# A heading in bold and quotations under it, as assistant.replies.parts.evidence writes them.
_BLOCK = re.compile(r"(?:^|\n\n)\*\*[^\n]+\*\*\n\n(?P<quoted>>[^\n]*(?:\n>[^\n]*)*)(?=\n|$)")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def chat_text(answer: Answer) -> str:
    """The answer's Markdown without the evidence, which stands in the panel beside it.

    Where the quotation itself is the answer (见……：), the words of the first clause stay.

    Args:
        answer: The answer.

    Returns:
        Markdown that loads nothing; never empty.
    """
    quotes = {one_line(citation.quote) for citation in answer.citations}
    kept: list[str] = []
    end, announced = 0, None
    for block in _BLOCK.finditer(answer.text):
        lines = [line[2:] for line in block["quoted"].split("\n") if line[2:]]
        if not quotes.issuperset(lines):
            continue
        kept.append(answer.text[end : block.start()])
        if announced is None:
            announced = kept[0].rstrip().endswith(("：", ":"))
            # The number that begins a clause is its own, not that of a list.
            kept += [f"\n\n> {as_typed(line)}" for line in lines] if announced else []
        end = block.end()
    text = "".join([*kept, answer.text[end:]]).strip()
    return harmless(text or answer.text)


def harmless(markdown: str) -> str:
    """Markdown without HTML and images: neither has a place in an answer, and both could load something."""
    return markdown.replace("<", "&lt;").replace("![", "!\\[")


def as_typed(text: str) -> str:
    """Markdown that shows a text as it was typed: no mark-up, no HTML, no links.

    Args:
        text: What a person typed.
    """
    # Four spaces at the start of a line would make a code block, in which escapes are shown.
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(_PUNCTUATION.sub(r"\\\1", line) for line in lines)
