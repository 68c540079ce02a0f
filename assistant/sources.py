"""Quotations of the official texts as citations, and what the collection covers."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.model import Citation
from knowledge.library import clause_at, locate
from knowledge.library import one_line as unbroken
from knowledge.model import Clause, Policy
from rules.loader import RuleBook


class Sources:
    """The texts and what is cited from them.

    Args:
        policies: The official texts by id.
        book: The rules, for the places that the collection covers.
    """

    def __init__(self, policies: Mapping[str, Policy], book: RuleBook) -> None:
        self.policies = policies
        self._book = book

    def cite(self, policy: str, clause: str, quote: str) -> Citation:
        """A citation of words that stand in a clause.

        Args:
            policy: Id of the text.
            clause: Path of the clause, its sub-clauses included.
            quote: The words, whitespace aside.

        Raises:
            KeyError: the words do not stand there; nothing is cited that is not verbatim.
        """
        text = self.policies[policy]
        start, end, verbatim = locate(text, quote, within=text.clause(clause))
        return self._citation(text, text.clause(clause), start, end, verbatim)

    def cite_span(self, policy: str, start: int, end: int) -> Citation:
        """A citation of a stretch of the body, attributed to the clause in which it starts.

        Args:
            policy: Id of the text.
            start: First character in the body.
            end: One past the last.
        """
        text = self.policies[policy]
        return self._citation(text, clause_at(text, start), start, end, text.body[start:end])

    def title(self, policy: str) -> str:
        """Title in book-title marks, with the document number where there is one."""
        meta = self.policies[policy].meta
        number = f"（{meta.document_number}）" if meta.document_number else ""
        return f"《{meta.title}》{number}"

    def label(self, citation: Citation) -> str:
        """Number or title, clause and heading: ``台政发〔2021〕4号 三/（一）/1 推进“扶牌”正常化``."""
        named = citation.document_number or f"《{citation.title}》"
        last = citation.clause.rpartition("/")[2]
        heading = "" if citation.heading == last else citation.heading
        return " ".join(part for part in (named, citation.clause, heading) if part)

    def name(self, policy: str) -> str:
        """The short name that replies use."""
        return self._book.policies[policy].name

    def coverage(self) -> str:
        """What the collection holds, for whom it cannot answer: places and texts."""
        awards = [self._book.policies[p].home.name for p in self._book.award_policies()]
        plans = [p for p in self._book.policies if p not in self._book.award_policies()]
        places = "、".join(dict.fromkeys(awards))
        texts = "、".join(self.name(p) for p in plans)
        return f"目前收录的奖励政策适用于：{places}；另收录 {texts}（规划和方案，只有目标和任务，没有奖励标准）。"

    @staticmethod
    def _citation(text: Policy, clause: Clause, start: int, end: int, quote: str) -> Citation:
        return Citation(
            policy=text.meta.id,
            title=text.meta.title,
            document_number=text.meta.document_number,
            clause=clause.path,
            heading=clause.heading,
            quote=quote,
            start=start,
            end=end,
        )


def one_line(quote: str) -> str:
    """A quotation on one line: the text's own line breaks come from printed pages; cells of a table stay apart."""
    if "\t" in quote:
        return " ｜ ".join(cell.strip() or "（空）" for cell in quote.split("\t"))
    return unbroken(quote)
