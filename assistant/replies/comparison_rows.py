"""Rows of a comparison of awards: what each text pays, on what condition, where, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.model import Citation, Computation
from assistant.money import yuan_text
from assistant.replies.comparison_topic import caption
from assistant.replies.parts import cite_award, pays
from assistant.sources import Sources
from assistant.understanding.facts import letters_of
from rules.judgement import Found
from rules.loader import RuleBook
from rules.model import Award, Fixed, PerUnit, Share
from rules.pairing import Change, Condition, Entry, Pair, yuan_of

_TITLES = {
    "rank": "起草排名", "result": "考核结果", "times": "连续次数", "beneficiary": "奖励对象", "stage": "时点", "unit": "计数",
}  # fmt: skip
_STAGE = {"approved": "获批（筹建、立项、列入）即奖", None: "建成、验收或评定后才奖"}
_WHOLE = 100  # percent: as much again, printed 1:1
_FREE = "不限"
_ABSENT = "没有列入"
_LITTLE = set("级·")  # signs of a level that tell nothing


@dataclass(frozen=True)
class Sides:
    """The two texts of a comparison and what their differences are called."""

    book: RuleBook
    sources: Sources
    left: str
    right: str
    versions: bool
    """The second replaces the first: awards are raised or dropped, not merely higher or absent."""

    @property
    def policies(self) -> tuple[str, str]:
        """Both ids."""
        return self.left, self.right

    def name(self, policy: str) -> str:
        """The short name of a text."""
        return caption(self.book.policies[policy])

    def called(self, change: Change) -> str:
        """What a group of pairs is called."""
        left, right = self.name(self.left), self.name(self.right)
        if self.versions:
            return {
                "raised": "提高", "lowered": "降低", "conditions": "金额不变，条件有变", "other": "给法不同", "same": "不变",
                "added": f"新增（只在{right}）", "dropped": f"取消（只在{left}）",
            }[change]  # fmt: skip
        return {
            "raised": f"{right}高", "lowered": f"{left}高", "conditions": "金额相同，条件不同", "other": "给法不同",
            "same": "相同", "added": f"只有{right}列入", "dropped": f"只有{left}列入",
        }[change]  # fmt: skip


def row(sides: Sides, pair: Pair) -> tuple[str, list[Citation], Computation | None]:
    """A row of the table, the clauses of both sides, and the difference where there is one."""
    step = _difference(pair)
    cells = [_cell(sides, policy, entry, pair) for policy, entry in _entries(sides, pair)]
    line = f"| {label(sides, pair)} | {cells[0]} | {cells[1]} | {_change(sides, pair, step)} |"
    return line, citations(sides, pair), step


def condition_note(sides: Sides, pair: Pair) -> str:
    """In what two awards that pay the same differ; empty where the amounts differ or nothing does."""
    return _change(sides, pair, None) if pair.change == "conditions" else ""


def short(sides: Sides, pair: Pair) -> tuple[str, str]:
    """A pair in a list: its clause, and its name with the amount."""
    _, entry = next(found for found in reversed(_entries(sides, pair)) if found[1])
    if entry is None:
        raise ValueError("a pair has at least one side")
    return entry.provision.clause, f"{label(sides, pair)} {amount(entry.award)}"


def label(sides: Sides, pair: Pair) -> str:
    """What a pair is called: the name that the text that tells more of it prints, or what awards of both places are."""
    entries = [entry for entry in (pair.right, pair.left) if entry]
    award = max((entry.award for entry in entries), key=lambda one: len(one.facets))
    if _named_apart(sides, pair):
        vocabulary = sides.book.vocabulary
        told = "·".join(vocabulary.label(facet, value) for facet, value in award.facets.items())
        return (
            f"{vocabulary.concepts[award.concept].label}（{told}）"
            if told
            else vocabulary.concepts[award.concept].label
        )
    return award_label(sides.book, award)


def award_label(book: RuleBook, award: Award) -> str:
    """The name of an award as printed, with what tells it from others where the name leaves that out."""
    facets = book.vocabulary.facets
    level = facets["level"].values[award.facets["level"]] if "level" in award.facets else None
    says_level = level is not None and any(word in award.name for word in level.words)
    usual = {facets[f].values[v].label for f, v in award.facets.items() if facets[f].unmarked == v}
    known = {*usual, *((level.label, *level.words) if level and says_level else ())}
    told = (
        [award.level]
        if award.level and award.level not in known and not set(award.level) - _LITTLE <= set(award.name)
        else []
    )
    if level and not says_level and not any(word in "".join(told) for word in level.words):
        told.append(level.label)
    return f"{award.name}（{'，'.join(told)}）" if told else award.name


def amount(award: Award) -> str:
    """What an award pays, without its conditions."""
    match award.amount:
        case Fixed(yuan=yuan):
            return yuan_text(yuan)
        case PerUnit(yuan=yuan, unit=unit):
            return f"每{unit} {yuan_text(yuan)}"
        case Share(percent=percent, base=base):
            return f"{base}的 {percent.normalize():f}%" if percent != _WHOLE else f"{base} 1:1 配套"
        case _:
            return "（没有写明金额）"


def citations(sides: Sides, pair: Pair) -> list[Citation]:
    """The sentences that pay, of both sides."""
    found: list[Citation] = []
    for policy, entry in _entries(sides, pair):
        if entry:
            found += cite_award(sides.sources, sides.book, policy, _found(entry))
    return found


def _entries(sides: Sides, pair: Pair) -> list[tuple[str, Entry | None]]:
    return [(sides.left, pair.left), (sides.right, pair.right)]


def _named_apart(sides: Sides, pair: Pair) -> bool:
    """Whether texts of two places print different names: 浙江省政府质量奖, 福建省政府质量奖."""
    names = {letters_of(entry.award.name) for entry in (pair.left, pair.right) if entry}
    return len(names) > 1 and not sides.versions


def _cell(sides: Sides, policy: str, entry: Entry | None, pair: Pair) -> str:
    """What a text pays and where it says so, with the name where it is not that of the row."""
    if entry is None:
        return _ABSENT
    concepts = {found.award.concept for found in (pair.left, pair.right) if found}
    own = _named_apart(sides, pair) or len(concepts) > 1
    name = f"{award_label(sides.book, entry.award)} " if own else ""
    return f"{name}{pays(sides.book, policy, _found(entry))}（{entry.provision.clause}）"


def _found(entry: Entry) -> Found:
    return Found(provision=entry.provision, award=entry.award, state="eligible")


def _difference(pair: Pair) -> Computation | None:
    if pair.left is None or pair.right is None:
        return None
    mine, theirs = yuan_of(pair.left.award), yuan_of(pair.right.award)
    if mine is None or theirs is None or mine == theirs:
        return None
    high, low = max(mine, theirs), min(mine, theirs)
    return Computation(
        operation="difference", operands=[Decimal(high), Decimal(low)], value=Decimal(high - low), unit="yuan"
    )


def _change(sides: Sides, pair: Pair, step: Computation | None) -> str:
    if pair.left is None or pair.right is None or step is None:
        called = sides.called(pair.change)
    else:
        more = "高" if pair.change == "raised" else "低"
        who = "" if sides.versions else sides.name(sides.right)
        called = f"{who}{more} {yuan_text(int(step.value))}"
    arrow = " → " if sides.versions else " / "
    said = [_condition(condition, arrow) for condition in pair.conditions if not _is_shown(pair, condition)]
    return "；".join([called, *said])


def _is_shown(pair: Pair, condition: Condition) -> bool:
    """Whether the cells say the condition already, and the amounts what is more important."""
    return pair.change in ("raised", "lowered") and condition.kind in ("rank", "result", "times", "unit")


def _condition(condition: Condition, arrow: str) -> str:
    values = (condition.left, condition.right)
    told = [_STAGE[value] if condition.kind == "stage" else value or _FREE for value in values]
    return f"{_TITLES[condition.kind]}：{arrow.join(told)}"
