"""Whether words stand in a text, and a quotation in a clause: what every evaluator compares with."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.figures import figures_in
from assistant.model import Citation
from evals.model import AnyOf
from knowledge.model import Clause, Policy

_NUMBERED = re.compile(r"（?[一二三四五六七八九十\d]{1,3}）?")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(万元?|元)")
SHORTEST_QUOTE = 6
"""Characters, whitespace aside; a scrap proves nothing."""


def missing(text: str, items: AnyOf) -> AnyOf:
    """The items that do not stand in a text; an inner list means any one of them."""
    return [
        item
        for item in items
        if not any(contains(text, choice) for choice in (item if isinstance(item, list) else [item]))
    ]


def contains(text: str, item: str) -> bool:
    """Whether an item stands in a text.

    Whitespace, emphasis and commas between thousands do not count; an amount may be written in any way; a number
    never matches inside a longer one.
    """
    wanted = _plain(item)
    amount = _AMOUNT.fullmatch(wanted)
    if amount:
        yuan = Decimal(amount[1]) * (1 if amount[2] == "元" else 10_000)
        if ("yuan", yuan.normalize()) in figures_in(text):
            return True
    lead = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    tail = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return re.search(lead + re.escape(wanted) + tail, _plain(text), re.IGNORECASE) is not None


def starts_with(text: str, item: str) -> bool:
    """Whether a text begins with an item, whitespace and emphasis aside."""
    return _plain(text).startswith(_plain(item))


def is_verbatim(citation: Citation, policy: Policy) -> bool:
    """Whether the quotation is what stands at its place in the text."""
    return bool(citation.quote.strip()) and policy.body[citation.start : citation.end] == citation.quote


def is_whole(citation: Citation, policy: Policy) -> bool:
    """Whether a quotation neither begins nor ends in the middle of a run of words."""
    body, start, end = policy.body, citation.start, citation.end
    cut = (body[max(0, start - 1) : start + 1], body[max(0, end - 1) : end + 1])
    return not any(len(around) == 2 and around.isalnum() for around in cut)


def stands_in(citation: Citation, policy: Policy, path: str) -> bool:
    """Whether at least half of a quotation lies in a clause, and it is long enough to prove something.

    Args:
        citation: What was cited.
        policy: The text.
        path: The wanted clause, its enclosing numerals given or not: ``二/（四）`` or ``（四）``.
    """
    if citation.policy != policy.meta.id or len(re.sub(r"\s", "", citation.quote)) < SHORTEST_QUOTE:
        return False
    inside = sum(
        max(0, min(citation.end, clause.end) - max(citation.start, clause.start)) for clause in clauses_at(policy, path)
    )
    return inside * 2 >= citation.end - citation.start


def is_named(given: str, wanted: str) -> bool:
    """Whether a clause path names the wanted clause; parts without a number may be called otherwise."""
    have = [part for part in given.replace("(", "（").replace(")", "）").split("/") if part]
    numbers = [part for part in wanted.split("/") if _NUMBERED.fullmatch(part)]
    return not numbers or any(have[at : at + len(numbers)] == numbers for at in range(len(have)))


def clauses_at(policy: Policy, path: str) -> tuple[Clause, ...]:
    """The clause that a path of a case means, with its sub-clauses.

    Enclosing numerals may be left out (``（四）`` is ``二/（四）``); a part without a number may be called by another
    name than the text's own division gives it.

    Returns:
        Empty when the text has no such clause.
    """
    exact = tuple(clause for clause in policy.clauses if clause.path == path or clause.path.startswith(path + "/"))
    if exact:
        return exact
    above, _, last = path.rpartition("/")
    if _NUMBERED.fullmatch(last):
        return tuple(clause for clause in policy.clauses if is_named(clause.path, path))
    return tuple(
        clause
        for clause in policy.clauses
        if clause.path.rpartition("/")[0] == above and not _NUMBERED.fullmatch(clause.path.rpartition("/")[2])
    )


def _plain(text: str) -> str:
    return re.sub(r"\s|\*", "", re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)).replace("％", "%")
