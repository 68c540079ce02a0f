"""Turns clauses into passages: what is embedded, searched and quoted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from knowledge.model import Clause, Passage, Policy
from knowledge.sentences import Span, split_sentences


def passages_of(policies: Iterable[Policy]) -> list[Passage]:
    """All passages of some texts, in the order of the texts.

    A sentence, an item between semicolons or a row of a table is a passage; a clause that is only a heading is one.
    Every character of a text other than whitespace lies in exactly one passage. Ids are unique.
    """
    return [passage for policy in policies for clause in policy.clauses for passage in _of_clause(policy, clause)]


def _of_clause(policy: Policy, clause: Clause) -> list[Passage]:
    text = policy.text_of(clause)
    headings = headings_of(policy, clause)
    names = " ".join([policy.meta.title, *headings])
    pieces = _table_pieces(text) if _is_table(text) else _prose_pieces(text, clause)
    seen: dict[str, int] = {}
    passages: list[Passage] = []
    for (start, end), words in pieces:
        seen[words] = seen.get(words, 0) + 1
        passages.append(
            Passage(
                id=_identity(policy.meta.id, clause.path, names, words, str(seen[words])),
                policy=policy.meta.id,
                clause=clause.path,
                headings=headings,
                start=clause.start + start,
                end=clause.start + end,
                quote=text[start:end],
                indexed_text=words,
            )
        )
    return passages


def headings_of(policy: Policy, clause: Clause) -> tuple[str, ...]:
    """Headings of the enclosing clauses, outermost first, the clause's own last; the name of a part that has none."""
    own = clause.heading or clause.path.rpartition("/")[2]
    return (*(headings_of(policy, policy.clause(clause.parent)) if clause.parent else ()), own)


def _prose_pieces(text: str, clause: Clause) -> list[tuple[Span, str]]:
    return [(span, _squeeze(text[slice(*span)])) for span in split_sentences(text, clause.heading)]


def _is_table(text: str) -> bool:
    return sum("\t" in line for line in text.split("\n")) > 1


def _table_pieces(text: str) -> list[tuple[Span, str]]:
    """Rows of a table with their words spelt out: name of each column with its cell, and the category."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    header_at = next(index for index, (start, end) in enumerate(lines) if "\t" in text[start:end])
    header = [cell.strip() for cell in text[slice(*lines[header_at])].split("\t")]
    first = (lines[0][0], lines[header_at][1])
    pieces = [(first, _squeeze(text[slice(*first)]))]
    category = ""
    for span in lines[header_at + 1 :]:
        line = text[slice(*span)]
        if "\t" in line:
            pieces.append((span, _row_words(header, line.split("\t"), category)))
        else:
            category = line.strip()
            pieces.append((span, f"{header[0]} {category}"))
    return pieces


def _row_words(header: list[str], cells: list[str], category: str) -> str:
    # Where the category stands on a line of its own, rows lack its column: the columns match from the right.
    columns = header[-len(cells) :] if len(cells) <= len(header) else [*header, *[""] * (len(cells) - len(header))]
    named = [f"{column} {cell.strip()}".strip() for column, cell in zip(columns, cells, strict=True) if cell.strip()]
    if cells[0].strip():
        named[0] = cells[0].strip()
    return " ".join([category, *named] if category else named)


def _squeeze(text: str) -> str:
    """Without the breaks and blanks of the printed page, those between Latin words excepted."""
    return re.sub(r"(?<=[A-Za-z])\s+(?=[A-Za-z])|\s+", lambda match: " " if _between_latin(text, match) else "", text)


def _between_latin(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()


def _identity(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
