"""The awards as a table: which policy pays what, to whom, on what condition."""

from __future__ import annotations

import csv
import io

from rules.applicability import in_period, policies_at
from rules.loader import RuleBook
from rules.model import Award, Fixed, Model, NoFigure, Period, PerUnit, Place, PolicyRules, Provision, Share


class AwardRow(Model):
    """One award in a table."""

    policy: str
    clause: str
    id: str
    award: str
    level: str
    amount: str
    """In yuan, or a share: ``1000000``, ``20% 总经费``; empty where the text gives no figure."""
    unit: str
    conditions: str
    beneficiary: str
    effect: str
    """``binding`` or ``reference`` at the place asked about; empty when none was."""


def award_rows(
    book: RuleBook, policy: str | None = None, place: Place | None = None, on: Period | None = None
) -> list[AwardRow]:
    """The awards of a policy, or of those that hold at a place and within a period.

    Args:
        book: All rules.
        policy: Id of one policy; None for all.
        place: Only policies that hold there.
        on: Only policies in force then.

    Raises:
        KeyError: there is no policy of that id.
    """
    if policy is not None and policy not in book.policies:
        raise KeyError(policy)
    governing = {g.policy: g.effect for g in in_period(policies_at(book, place), place, on).governing}
    return [
        _row(rules, provision, award, governing[rules.policy] if place else "")
        for rules in book.policies.values()
        if rules.policy in governing and policy in (None, rules.policy)
        for provision, award in rules.awards()
    ]


def as_csv(rows: list[AwardRow]) -> str:
    """The rows as CSV with a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(AwardRow.model_fields)
    writer.writerows([list(row.model_dump().values()) for row in rows])
    return out.getvalue()


def _row(rules: PolicyRules, provision: Provision, award: Award, effect: str) -> AwardRow:
    conditions = [condition.text for condition in (award.rank,) if condition]
    conditions += [award.result.value] if award.result else []
    conditions += [f"连续 {award.times} 次"] if award.times else []
    conditions += [cap.text for cap in rules.caps if cap.id == award.cap]
    match award.amount:
        case Fixed(yuan=yuan):
            amount, unit = str(yuan), ""
        case PerUnit(yuan=yuan, unit=unit):
            amount = str(yuan)
        case Share(percent=percent, base=base):
            amount, unit = f"{percent}% {base}", ""
        case NoFigure():
            amount = unit = ""
    return AwardRow(
        policy=rules.policy,
        clause=provision.clause,
        id=award.id,
        award=award.name,
        level=award.level or "",
        amount=amount,
        unit=unit,
        conditions="；".join(conditions),
        beneficiary=provision.beneficiary_text,
        effect=effect,
    )
