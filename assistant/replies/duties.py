"""Who answers for which task, and which tasks somebody answers for."""

from __future__ import annotations

from itertools import groupby

from assistant.fact_request import FactRequest, recogniser
from assistant.replies.headings import cite_heading
from assistant.replies.section import Section
from assistant.sources import Sources
from assistant.understanding.facts import Named
from assistant.understanding.wordlist import has, words
from knowledge.facts import Responsibility
from knowledge.model import Policy

_TASK = "任务"
_QUOTED = 4  # tasks whose clauses are quoted under the list


def task_section(sources: Sources, asked: FactRequest, premise: bool) -> Section:
    """Those who answer for the tasks that a question names, text by text.

    Args:
        sources: For titles and citations.
        asked: What is asked.
        premise: Whether the question takes something for granted: …对吧.
    """
    section = Section()
    for policy, group in groupby(asked.tasks, lambda named: named.policy):
        section.lines.append(f"{sources.title(policy)}：\n")
        named = list(group)
        asks_lead = has(asked.text, words().duty_lead)
        for task in named:
            section.lines.append(f"- {_line(task.fact, asks_lead)}")
            section.citations.append(sources.cite(policy, task.fact.clause, task.fact.quote))
        told = (asked.departments or {}).get(policy, ())
        _check(section, named, told, premise)
        section.lines.append("")
    return section


def department_section(sources: Sources, asked: FactRequest) -> Section:
    """The tasks for which the departments that a question names answer, text by text.

    Args:
        sources: For titles and citations.
        asked: What is asked.
    """
    section = Section()
    for policy, departments in (asked.tasks_of or {}).items():
        duties = recogniser().of_department(policy, departments)
        names = "、".join(departments)
        section.lines.append(f"{sources.title(policy)}里写明由{names}负责或参与的有 {len(duties)} 项（逐项计数）：\n")
        for duty in duties:
            lead = "，牵头" if set(departments) & set(duty.lead) else ""
            section.lines.append(f"- {duty.task}（{duty.clause}{lead}）")
            section.citations.append(sources.cite(policy, duty.clause, duty.quote))
        if any(duty.and_others for duty in duties):
            section.lines.append("\n各条的部门名单以“等”结尾，没有列全；没有点名的任务不一定与它无关。")
    section.quoted = len(section.citations) <= _QUOTED
    return section


def counted_section(sources: Sources, asked: FactRequest) -> Section:
    """How many tasks a text has: the numbered parts of the chapter whose heading says so.

    Args:
        sources: For titles and citations.
        asked: What is asked.
    """
    section = Section(quoted=False)
    for policy in asked.policies:
        text = sources.policies[policy]
        chapters = [clause for clause in text.clauses if _TASK in clause.heading and clause.parent is None]
        for chapter in chapters:
            parts, leaves = _parts(text, chapter.path)
            if not leaves:
                continue
            divided = f"分 {len(parts)} 个部分，" if len(parts) != len(leaves) else ""
            section.lines.append(
                f"{sources.title(policy)}{chapter.path}“{chapter.heading}”{divided}共 {len(leaves)} 项（按编号计数）：\n"
            )
            section.citations.append(cite_heading(sources, policy, chapter.path))
            for path in leaves:
                section.lines.append(f"- {text.clause(path).heading}（{path}）")
                section.citations.append(cite_heading(sources, policy, path))
    return section


def _parts(text: Policy, path: str) -> tuple[list[str], list[str]]:
    """The numbered clauses right below a clause, and those at the lowest level."""
    below = [clause.path for clause in text.clauses if clause.path.startswith(path + "/") and clause.heading]
    parts = [one for one in below if one.count("/") == path.count("/") + 1]
    leaves = [one for one in below if not any(other.startswith(one + "/") for other in below)]
    return parts, leaves


def _line(duty: Responsibility, asks_lead: bool) -> str:
    """Task, clause and those who answer for it, as far as the text lists them."""
    names = "、".join(duty.departments)
    if duty.lead:
        lead = "、".join(duty.lead)
        who = f"{lead}牵头" if duty.lead == duty.departments else f"{names}，其中{lead}牵头"
    else:
        who = f"{names}等（原文以“等”结尾，没有列全）" if duty.and_others else names
    notes = "；原文只写成员单位，没有点名到具体部门" if duty.members_only else ""
    if asks_lead and not duty.lead:
        notes += "；原文没有写明由谁牵头"
    return f"**{duty.task}**（{duty.clause}）：{who}{notes}。"


def _check(section: Section, named: list[Named[Responsibility]], told: tuple[str, ...], premise: bool) -> None:
    """Whether the departments that the question names are among those listed."""
    listed = {department for task in named for department in task.fact.departments}
    inside = [name for name in told if name in listed]
    if inside:
        section.lines.append(f"- 其中列有{'、'.join(inside)}。")
    elif told:
        section.lines.append(f"- 名单里没有{'、'.join(told)}。")
        section.contradicted = section.contradicted or premise
