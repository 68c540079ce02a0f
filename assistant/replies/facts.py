"""Answers from what the texts state as facts: values of indicators, and who answers for which task."""

from __future__ import annotations

from assistant.fact_request import FactRequest, fact_request
from assistant.model import Answer
from assistant.notices import state_notice
from assistant.replies.duties import counted_section, department_section, task_section
from assistant.replies.indicators import indicator_section, listed_section
from assistant.replies.parts import distinct, evidence, notices_text, paragraphs
from assistant.replies.section import Section
from assistant.turn import Turn


def reply(turn: Turn) -> Answer | None:
    """The facts asked for, each with its clause.

    Args:
        turn: The question.

    Returns:
        None where the question asks for no fact of the texts, or it cannot be told for which.
    """
    asked = fact_request(turn)
    section = _section(turn, asked) if asked else Section()
    if not section.citations:
        return None
    sources, today = turn.house.sources, turn.request.today
    citations = distinct([*section.citations, *section.dated])
    states = (state_notice(turn.house.book, sources, p, today) for p in dict.fromkeys(c.policy for c in citations))
    notices = [notice for notice in states if notice]
    compared = turn.request.kind == "comparison" and len({c.policy for c in section.citations}) > 1
    kind = "comparison" if compared else "lookup"
    if section.contradicted or section.absent:
        kind = "correction" if section.contradicted else "refusal"
    return Answer(
        kind=kind,
        text=paragraphs(
            "这个说法与文件不符，按文件应是：" if section.contradicted else "",
            "\n".join(section.lines).strip(),
            notices_text(notices),
            evidence(citations, sources) if section.quoted else "",
        ),
        citations=distinct([*citations, *(notice.citation for notice in notices if notice.citation)]),
        computations=section.computations,
        notices=notices,
    )


def _section(turn: Turn, asked: FactRequest) -> Section:
    sources, premise = turn.house.sources, turn.request.tag_question
    if asked.lists:
        return listed_section(sources, asked)
    if asked.counts_tasks:
        return counted_section(sources, asked)
    if asked.tasks_of:
        return department_section(sources, asked)
    section = Section()
    if asked.indicators:
        section.add(indicator_section(sources, asked, premise))
    if asked.tasks:
        section.add(task_section(sources, asked, premise))
    return section
