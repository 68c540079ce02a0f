"""What is not paid twice: one project with several awards, several awards of one year, and caps."""

from __future__ import annotations

from collections.abc import Sequence

from rules.loader import RuleBook
from rules.model import Adjustment, Alternative, Applicant, Award, Claim, Model, NonStacking, PolicyRules


class Payable(Model):
    """An eligible line with what the rules of non-duplication need to know of it."""

    policy: str
    clause: str
    award: Award
    claim: Claim
    quantity: int
    unit_yuan: int | None
    amount_yuan: int


class Reduced(Model):
    """What non-duplication and caps leave."""

    adjustments: tuple[Adjustment, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    depends: bool = False
    """The order of filing decides and is not known; the alternatives say what each gives."""


def reduce(book: RuleBook, applicant: Applicant, lines: Sequence[Payable]) -> Reduced:
    """Applies non-duplication, then caps, policy by policy.

    Args:
        book: All rules.
        applicant: For the amounts already received under each cap, in yuan.
        lines: Every eligible line, amounts in yuan before any reduction.

    Returns:
        Negative adjustments; alternatives where the text can be read otherwise or the order of
        filing is not known (their totals are totals of all lines, in yuan).

    Source: 台政发〔2021〕4号 五; 台政发〔2017〕13号 六; 长乐若干意见 三/（二）/末段.
    """
    adjustments: list[Adjustment] = []
    alternatives: list[Alternative] = []
    depends = False
    gross = sum(line.amount_yuan for line in lines)
    for policy in dict.fromkeys(line.policy for line in lines):
        rules = book.policies[policy]
        own = [line for line in lines if line.policy == policy]
        left = {index: line.amount_yuan for index, line in enumerate(own)}
        rule = rules.non_stacking
        if rule is not None and rule.rule == "highest_of_year":
            alternatives += _highest_of_year(rule, own, left, adjustments, gross)
        elif rule is not None:
            orders = _one_of_project(rule, own, left, adjustments, gross)
            alternatives += orders
            depends = depends or bool(orders)
        _apply_caps(rules, applicant, own, left, adjustments)
    return Reduced(adjustments=tuple(adjustments), alternatives=tuple(alternatives), depends=depends)


def _one_of_project(
    rule: NonStacking, lines: list[Payable], left: dict[int, int], adjustments: list[Adjustment], gross: int
) -> list[Alternative]:
    """最先申报一项 and 最优一项: of one project one award is paid; different projects add up."""
    orders: list[Alternative] = []
    for project in dict.fromkeys(line.claim.project for line in lines if line.claim.project):
        members = [index for index, line in enumerate(lines) if line.claim.project == project]
        if len(members) < 2:
            continue
        together = sum(left[index] for index in members)
        if rule.rule == "best":
            kept = max(members, key=lambda index: left[index])
        else:
            filed = [index for index in members if lines[index].claim.filed == 1]
            if not filed and len({left[index] for index in members}) > 1:
                orders += [
                    Alternative(
                        reading=f"最先申报{_name(lines[index])}", total_yuan=gross - together + left[index]
                    )
                    for index in members
                ]
                continue
            kept = filed[0] if filed else members[0]
        for index in members:
            if index != kept:
                adjustments.append(
                    Adjustment(
                        rule=f"{rule.text}：不再享受{_name(lines[index])}",
                        clause=rule.clause,
                        amount_yuan=-left[index],
                    )
                )
                left[index] = 0
    return orders


def _highest_of_year(
    rule: NonStacking, lines: list[Payable], left: dict[int, int], adjustments: list[Adjustment], gross: int
) -> list[Alternative]:
    """就高不重复, by year: the strictest reading counts, the others are named.

    Whether the two items are pooled, and whether different standards of one year repeat each
    other, the text does not say.
    """
    strict = by_item = by_honour = 0
    for year in dict.fromkeys(line.claim.obtained.first.year if line.claim.obtained else None for line in lines):
        groups: list[list[int]] = []
        for item in rule.items:
            groups.append(
                [
                    index
                    for index, line in enumerate(lines)
                    if any(line.clause == prefix or line.clause.startswith(prefix + "/") for prefix in item)
                    and (line.claim.obtained.first.year if line.claim.obtained else None) == year
                ]
            )
        pooled = [index for group in groups for index in group]
        if not pooled or (len(pooled) == 1 and lines[pooled[0]].quantity == 1):
            continue
        units = {index: lines[index].unit_yuan or left[index] for index in pooled}
        kept = max(pooled, key=lambda index: units[index])
        total = sum(left[index] for index in pooled)
        strict += total - units[kept]
        by_item += total - sum(max((units[i] for i in group), default=0) for group in groups)
        # Awards of one item repeat each other; standards and the like, each its own piece of work, may not.
        first = groups[0]
        by_honour += sum(left[i] for i in first) - max((units[i] for i in first), default=0)
        for index in pooled:
            cut = left[index] - (units[index] if index == kept else 0)
            if cut:
                adjustments.append(
                    Adjustment(
                        rule=f"{rule.text}：{_name(lines[index])}不再重复享受", clause=rule.clause, amount_yuan=-cut
                    )
                )
                left[index] -= cut
    readings = {
        by_item: "两项分别就高，互不合并",
        by_honour: "不同的标准、项目不算重复，只有第1项内部就高",
    }
    return [
        Alternative(reading=reading, total_yuan=gross - cut)
        for cut, reading in readings.items()
        if cut != strict
    ]


def _apply_caps(
    rules: PolicyRules,
    applicant: Applicant,
    lines: list[Payable],
    left: dict[int, int],
    adjustments: list[Adjustment],
) -> None:
    """Cumulative caps count what was received before; yearly caps count each year for itself."""
    for cap in rules.caps:
        members = [index for index, line in enumerate(lines) if line.award.cap == cap.id]
        received = applicant.received_yuan.get(cap.id, 0)
        years = (
            dict.fromkeys(_year(lines[index]) for index in members) if cap.per == "year" else dict.fromkeys([None])
        )
        for year in years:
            inside = [index for index in members if cap.per == "lifetime" or _year(lines[index]) == year]
            excess = sum(left[index] for index in inside) - max(cap.yuan - received, 0)
            if excess > 0:
                before = f"（此前已领 {_wan(received)}）" if received else ""
                adjustments.append(
                    Adjustment(rule=f"{cap.text}{before}", clause=cap.clause, amount_yuan=-excess)
                )


def _year(line: Payable) -> int | None:
    return line.claim.obtained.first.year if line.claim.obtained else None


def _name(line: Payable) -> str:
    level = f"（{line.award.level}）" if line.award.level else ""
    return f"“{line.award.name}”{level}" if "“" not in line.award.name else f"{line.award.name}{level}"


def _wan(yuan: int) -> str:
    return f"{yuan // 10_000} 万元" if yuan % 10_000 == 0 else f"{yuan:,} 元"
