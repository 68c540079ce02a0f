"""What a check of facts against texts works with: the texts, findings, and where a quotation stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.facts import Facts, Quotation
from knowledge.library import locate
from knowledge.model import Policy

Policies = Mapping[str, Policy]


@dataclass(frozen=True)
class Finding:
    """Something that does not agree."""

    policy: str
    where: str
    """Indicator, responsibility or clause."""
    message: str

    def __str__(self) -> str:
        return f"{self.policy} {self.where}：{self.message}"


Check = Callable[[Facts, Policies], Iterator[Finding]]


def span_of(text: Policy, quotation: Quotation) -> tuple[int, int] | None:
    """Where a quotation stands in the body, in characters; None where its clause does not hold it."""
    try:
        start, end, _ = locate(text, quotation.quote, text.clause(quotation.clause))
    except KeyError:
        return None
    return start, end
