"""Two texts with awards side by side: what is raised, lowered, added and dropped, and the rules around the awards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, zip_longest

from assistant.model import Answer, Citation, Computation
from assistant.notices import state_notice
from assistant.replies import plan_comparison
from assistant.replies.comparison_rows import Sides, citations, label, row, short
from assistant.replies.comparison_topic import of_claims, of_topic, topic_of
from assistant.replies.parts import distinct, evidence, notices_text, paragraphs
from assistant.replies.section import Section
from assistant.texts_meant import asks_standing, replaces, texts_meant, two_texts
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from rules.assessment import Applicant, Claim
from rules.judgement import judge
from rules.model import PolicyRules
from rules.pairing import Change, Pair, pairs

_ROWS = 25  # of a table that can be read at a glance
_QUOTED = 6  # rows up to which the clauses follow word for word
_ORDER: tuple[Change, ...] = ("raised", "lowered", "conditions", "other", "same", "added", "dropped")
_CHANGED: tuple[Change, ...] = ("raised", "lowered", "conditions", "other")
_SILENT = "没有写明"


def compares(turn: Turn) -> bool:
    """Whether a question sets two texts, or the awards of a kind in two texts, side by side."""
    request = turn.request
    asked = request.kind == "comparison" or (len(request.policies) > 1 and bool(_changes_asked(turn)))
    policies = two_texts(turn) if asked and not request.own_claim else None
    if policies is None:
        return False
    if not request.claims:
        return not asks_standing(request)
    return _with_awards(turn, policies) and not all(_is_single(turn, claim, policies) for claim in request.claims)


def reply(turn: Turn) -> Answer:
    """What differs between two texts, each row with the clauses of both.

    Args:
        turn: A question for which ``compares`` holds.
    """
    policies = two_texts(turn)
    if policies is None:
        raise ValueError("the question does not name two texts")
    house = turn.house
    left, right = policies
    sides = Sides(house.book, house.sources, left, right, versions=replaces(house.book, right, left))
    section = Section()
    if len(texts_meant(turn)) > len(policies):
        section.lines.append(f"一次比较两份文件，这里比较的是{sides.name(left)}和{sides.name(right)}。\n")
    section.add(_compared(turn, sides))
    notices = [n for p in policies if (n := state_notice(house.book, house.sources, p, turn.request.today))]
    cited = distinct([*section.citations, *section.dated])
    return Answer(
        kind="comparison",
        text=paragraphs(
            "\n".join(section.lines).strip(),
            notices_text(notices),
            evidence(cited, house.sources) if section.quoted else "",
        ),
        citations=distinct([*cited, *(notice.citation for notice in notices if notice.citation)]),
        computations=_once(section.computations),
        notices=notices,
    )


def _is_single(turn: Turn, claim: Claim, policies: tuple[str, str]) -> bool:
    """Whether a claim is one award at most in each text: the comparison of single awards tells of it."""
    book = turn.house.book
    said = [judge(book, book.policies[policy], Applicant(), claim) for policy in policies]
    return all(len(judgement.found) + len(judgement.equivalents) <= 1 for judgement in said)


def _compared(turn: Turn, sides: Sides) -> Section:
    """Awards of a kind, of a chapter, or all; words of the texts where no award is meant; plans by their parts."""
    if not _with_awards(turn, sides.policies):
        return plan_comparison.section(turn, sides)
    found = _pairs(turn, sides.policies)
    if turn.request.claims:
        return _awards(sides, of_claims(turn, found), _changes_asked(turn))
    topic = topic_of(turn, sides.policies)
    if topic is None:
        section = _awards(sides, found, _changes_asked(turn))
        if not _changes_asked(turn):
            section.add(_rules(sides))
        return section
    own = of_topic(turn.house.book, turn.house.sources.policies, sides.policies, found, topic)
    section = _awards(sides, own, _changes_asked(turn)) if own else Section()
    if not own or not turn.request.asks_award_money:
        section.add(plan_comparison.quoted(turn, sides, topic))
    return section if section.citations else _awards(sides, found, _changes_asked(turn))


def _awards(sides: Sides, found: list[Pair], asked: tuple[Change, ...]) -> Section:
    """Awards as one table where they fit; else the changed ones as a table and the others by name."""
    groups: dict[Change, list[Pair]] = {change: [pair for pair in found if pair.change == change] for change in _ORDER}
    section = Section()
    told = [f"{sides.called(change)} {len(group)} 项" for change, group in groups.items() if group]
    section.lines.append(f"{sides.name(sides.left)}与{sides.name(sides.right)}逐项对照：{'；'.join(told)}。\n")
    wanted = asked or _ORDER
    rows = [pair for change in wanted for pair in groups[change]]
    if not sides.versions:  # nothing was raised or lowered: the order of the text
        rows.sort(key=lambda pair: (pair.left is None or pair.right is None, found.index(pair)))
    for change in asked:
        if not groups[change]:
            section.lines.append(f"所比较的奖项里没有这一类：{sides.called(change)}。\n")
    listed: list[Pair] = []
    if len(rows) > _ROWS:
        listed = [pair for pair in rows if pair.change not in _CHANGED]
        rows = [pair for pair in rows if pair.change in _CHANGED]
        rows, listed = rows[:_ROWS], [*rows[_ROWS:], *listed]
    _table(section, sides, rows)
    for change in _ORDER:
        group = [pair for pair in listed if pair.change == change]
        if group and change == "same":
            names = "、".join(dict.fromkeys(label(sides, pair) for pair in group))
            section.lines.append(f"\n**其余 {len(group)} 项{sides.called(change)}**：{names}。")
        elif group:
            section.lines.append(f"\n**{sides.called(change)}，{len(group)} 项**：\n")
            for clause, told in groupby((short(sides, pair) for pair in group), lambda one: one[0]):
                section.lines.append(f"- {clause}：{'、'.join(dict.fromkeys(text for _, text in told))}")
        for pair in group:
            section.citations += citations(sides, pair)
    section.quoted = len(rows) + len(listed) <= _QUOTED
    if not section.citations:  # nothing of the kind asked for: what was gone through
        for pair in found:
            section.citations += citations(sides, pair)
    return section


def _table(section: Section, sides: Sides, rows: Sequence[Pair]) -> None:
    if not rows:
        return
    last = "变化" if sides.versions else "差别"
    section.lines += [f"| 奖项 | {sides.name(sides.left)} | {sides.name(sides.right)} | {last} |", "|---|---|---|---|"]
    for pair in rows:
        line, cited, step = row(sides, pair)
        section.lines.append(line)
        section.citations += cited
        section.computations += [step] if step else []


def _rules(sides: Sides) -> Section:
    """Period, territory, repeated awards and funding of both texts, row by row."""
    section = Section(lines=["\n| 规则 | " + " | ".join(sides.name(p) for p in sides.policies) + " |", "|---|---|---|"])
    columns = [_rule_cells(sides, policy, section.citations) for policy in sides.policies]
    for (title, mine), (_, theirs) in zip_longest(*columns):
        section.lines.append(f"| {title} | {mine} | {theirs} |")
    return section


def _rule_cells(sides: Sides, policy: str, cited: list[Citation]) -> list[tuple[str, str]]:
    rules = sides.book.policies[policy]
    quotations = [
        rules.in_force, *rules.territories, *([rules.non_stacking] if rules.non_stacking else []), *rules.funding
    ]  # fmt: skip
    cited += distinct(sides.sources.cite(policy, one.clause, one.quote) for one in quotations)
    return [
        ("施行期间", rules.in_force.note or _SILENT),
        ("适用范围", _territory(rules)),
        ("同时符合多项", rules.non_stacking.text if rules.non_stacking else _SILENT),
        ("资金由谁承担", "；".join(one.text for one in rules.funding) or _SILENT),
    ]


def _territory(rules: PolicyRules) -> str:
    binding = "、".join(t.place.name for t in rules.territories if t.effect == "binding")
    reference = "、".join(t.place.name for t in rules.territories if t.effect == "reference")
    return f"{binding}；{reference}其他县（市）可参照" if reference else binding


def _changes_asked(turn: Turn) -> tuple[Change, ...]:
    """哪些取消了: the groups that are asked for; none for all."""
    text = fold(turn.request.question).text
    return tuple(change for change in _ORDER if has(text, words().changes.get(change, ())))


def _pairs(turn: Turn, policies: tuple[str, str]) -> list[Pair]:
    left, right = (turn.house.book.policies[policy] for policy in policies)
    return pairs(left, right)


def _with_awards(turn: Turn, policies: tuple[str, str]) -> bool:
    return all(turn.house.book.policies[policy].provisions for policy in policies)


def _once(steps: list[Computation]) -> list[Computation]:
    kept: list[Computation] = []
    for step in steps:
        if step not in kept:
            kept.append(step)
    return kept
