"""A part of a reply: what it says and what supports it."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.model import Citation, Computation


@dataclass
class Section:
    """Lines of Markdown with their support."""

    lines: list[str] = field(default_factory=list[str])
    citations: list[Citation] = field(default_factory=list[Citation])
    """What is asked about, most important first."""
    dated: list[Citation] = field(default_factory=list[Citation])
    """Where the years are printed."""
    computations: list[Computation] = field(default_factory=list[Computation])
    contradicted: bool = False
    """The question takes something else for granted."""
    absent: bool = False
    """The texts give nothing for the time that is asked about."""
    quoted: bool = True
    """Whether the quotations follow the lines; a long list says all that they say."""

    def add(self, other: Section) -> None:
        """Takes another part over."""
        self.lines += other.lines
        self.citations += other.citations
        self.dated += other.dated
        self.computations += other.computations
        self.contradicted = self.contradicted or other.contradicted
        self.absent = self.absent or other.absent
        self.quoted = self.quoted and other.quoted
