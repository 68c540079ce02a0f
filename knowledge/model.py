"""The terms of the texts: a policy, its clauses, and the passages that are searched."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PolicyMeta(_Frozen):
    """Front matter of one official text."""

    id: str
    title: str
    """Title as printed, whitespace and line breaks aside."""
    document_number: str | None
    issuing_authority: str | None
    """Null where the text itself names none."""
    source: str
    """Where the text comes from, in the words of the text."""


class Clause(_Frozen):
    """A part of a text: its number path and the span of characters that it alone owns."""

    policy: str
    path: str
    """Numbers of all enclosing headings joined by ``/``, brackets full-width: ``三/（一）/1``."""
    heading: str
    """Heading as printed, without number and closing full stop; empty where there is none."""
    start: int
    end: int
    """Character offsets of the own text in the body: heading and introduction, not the sub-clauses."""
    line: int
    """Line of the file on which the clause starts, counted from 1."""

    @property
    def parent(self) -> str | None:
        """Path of the enclosing clause; None at the top."""
        head, _, _ = self.path.rpartition("/")
        return head or None


class Policy(_Frozen):
    """One official text, divided."""

    meta: PolicyMeta
    body: str
    """The text as shipped, front matter not counted."""
    clauses: tuple[Clause, ...]
    """In the order of the text; their spans cover the body exactly once."""

    def clause(self, path: str) -> Clause:
        """The clause of a path.

        Raises:
            KeyError: when the text has no such clause.
        """
        for clause in self.clauses:
            if clause.path == path:
                return clause
        raise KeyError(f"{self.meta.id} 没有条款 {path}")

    def text_of(self, clause: Clause, *, with_children: bool = False) -> str:
        """Verbatim text of a clause, own part only or with all sub-clauses."""
        if not with_children:
            return self.body[clause.start : clause.end]
        inside = [c for c in self.clauses if c.path == clause.path or c.path.startswith(clause.path + "/")]
        return "".join(self.body[c.start : c.end] for c in inside)


class Passage(_Frozen):
    """A sentence, item or table row of a clause: what is embedded and searched."""

    id: str
    """Hash of policy, clause and indexed text: an unchanged passage keeps its id."""
    policy: str
    clause: str
    headings: tuple[str, ...]
    """Headings of the enclosing clauses, outermost first, the clause's own last."""
    start: int
    end: int
    """Character offsets in the body."""
    quote: str
    """Verbatim: ``body[start:end]``."""
    indexed_text: str
    """The words of the quotation, table rows with the names of their columns: what the encoder sees. The keyword
    index sees the headings as well."""


class Hit(_Frozen):
    """A passage found, with what each leg said of it."""

    passage: Passage
    score: float
    """Fused score, higher is better."""
    dense: float | None
    """Cosine similarity, None where the dense leg did not return the passage."""
    keyword: float | None
    """BM25 score, None where the keyword leg did not return the passage."""
    rerank: float | None = None
    """Score of the reranker, 0 to 1; None where none is set."""


class Hits(list[Hit]):
    """What a search found, best first."""

    degraded: bool = False
    """The Chroma server did not answer: only words were searched."""
