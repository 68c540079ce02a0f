"""The panel 依据: what the answer on the left is based on, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from assistant.model import Answer, Citation, Notice, NoticeKind
from assistant.replies.parts import distinct
from assistant.sources import one_line
from knowledge.model import PolicyMeta

_LABELS: dict[NoticeKind, str] = {
    "expired": "有效期",
    "repealed": "废止",
    "not_yet_in_force": "尚未施行",
    "reference_only": "参照标准",
    "interpretation": "条文解释",
    "funding": "资金来源",
    "outside_collection": "收录范围",
}


def collection_html(texts: Iterable[PolicyMeta]) -> str:
    """Before the first answer: the texts that can be quoted."""
    rows = "".join(f"<li>{_source(meta.title, meta.document_number)}</li>" for meta in texts)
    return _panel(
        f'<p class="pa-empty">答复所依据的条文会逐字列在这里。</p><h3>收录的文件</h3><ul class="pa-texts">{rows}</ul>'
    )


def evidence_html(answer: Answer) -> str:
    """The citations of an answer by text and clause, those behind a notice marked.

    Args:
        answer: The answer.

    Returns:
        HTML, everything in it escaped.
    """
    citations = _together(distinct(answer.citations))
    if not citations:
        return _panel('<p class="pa-empty">这次答复没有引用条文。</p>')
    return _panel("".join(_text(list(group), answer) for _, group in groupby(citations, lambda c: c.policy)))


def _together(citations: list[Citation]) -> list[Citation]:
    """Citations of one text, and of one clause in it, one after the other; the most important still first."""
    texts = list(dict.fromkeys(c.policy for c in citations))
    clauses = list(dict.fromkeys((c.policy, c.clause) for c in citations))
    return sorted(citations, key=lambda c: (texts.index(c.policy), clauses.index((c.policy, c.clause))))


def _text(citations: list[Citation], answer: Answer) -> str:
    source = _source(citations[0].title, citations[0].document_number)
    return f'<section class="pa-text"><h3>{source}</h3>{_clauses(citations, answer)}</section>'


def _clauses(citations: list[Citation], answer: Answer) -> str:
    parts: list[str] = []
    for clause, group in groupby(citations, lambda c: c.clause):
        quoted = list(group)
        heading = f' <span class="pa-heading">{escape(quoted[0].heading)}</span>' if quoted[0].heading else ""
        quotes = "".join(_quote(citation, answer.notices) for citation in quoted)
        parts.append(f'<h4><span class="pa-clause">{escape(clause)}</span>{heading}</h4>{quotes}')
    return "".join(parts)


def _quote(citation: Citation, notices: list[Notice]) -> str:
    behind = [notice for notice in notices if notice.citation and _same(notice.citation, citation)]
    marks = "".join(
        f'<p class="pa-notice"><strong>{_LABELS[notice.kind]}</strong>{escape(notice.text)}</p>' for notice in behind
    )
    marked = " pa-marked" if behind else ""
    return f'<blockquote class="pa-quote{marked}">{escape(one_line(citation.quote))}</blockquote>{marks}'


def _same(one: Citation, other: Citation) -> bool:
    return (one.policy, one.start, one.end) == (other.policy, other.start, other.end)


def _source(title: str, number: str | None) -> str:
    printed = f' <span class="pa-number">{escape(number)}</span>' if number else ""
    return f"《{escape(title)}》{printed}"


def _panel(inner: str) -> str:
    return f'<section class="pa-panel" aria-label="依据" aria-live="polite"><h2>依据</h2>{inner}</section>'
