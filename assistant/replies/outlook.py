"""What it would take: conditions still to meet, other awards of the same kind, the order of filing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.figures import figures_in
from assistant.model import Answer, Citation, Computation
from assistant.money import yuan_text
from assistant.notices import chinese_day, repealing
from assistant.replies import eligibility
from assistant.replies.parts import amount_text, award_name, cite_award, pays
from assistant.replies.section import Section
from assistant.turn import Turn
from rules.assessment import Alternative, Assessment
from rules.calculator import Result, assess
from rules.outlook import Outlook, Reachable, Room, filing, outlook


def asks(turn: Turn) -> bool:
    """Whether a claim of one's own is asked what it would take, or in what order to file."""
    request = turn.request
    return bool(request.claims) and request.own_claim and (request.asks_outlook or request.asks_filing_order)


def reply(turn: Turn) -> Answer:
    """The amount, and what would make it more; the questions that decide it where facts are missing."""
    applicant = eligibility.applicant_of(turn)
    result = assess(turn.house.book, applicant, turn.request.claims)
    if result.missing:
        return eligibility.reply(turn)
    section = Section()
    orders, filed = _filing(turn, result)
    section.add(filed)
    if turn.request.asks_outlook:
        section.add(_section(turn, result, outlook(turn.house.book, applicant, result)))
    return eligibility.answer(turn, result, section, orders)


# ------------------------------------------------------------------ the order of filing
def _filing(turn: Turn, result: Result) -> tuple[list[Alternative], Section]:
    """What each order pays; the orders go into the assessment as well."""
    house, section = turn.house, Section()
    found = filing(house.book, eligibility.applicant_of(turn), result)
    asked = turn.request.asks_filing_order
    if found is None:
        if asked:
            section.lines.append("能领取的不到两项，没有申报先后之分。")
        return [], section
    section.citations.append(house.sources.cite(found.policy, found.rule.clause, found.rule.quote))
    if not found.orders:
        if asked:
            section.lines.append(f"申报的先后不影响金额：{found.rule.text}。")
        return [], section if asked else Section()
    if result.assessment.outcome == "depends":  # the amount itself says what each order gives
        return [], section
    if found.presumed and not asked:
        return [], Section()
    orders = "；".join(f"{order.reading}，合计 {yuan_text(order.total_yuan)}" for order in found.orders)
    if found.presumed:
        opening = "各项不是同一项目的，先后不影响。是同一项目的，先后有关"
    else:
        opening = "申报的先后有关"
    section.lines.append(f"{opening}（{found.rule.text}）：{orders}。得到最多的是{found.orders[0].reading}。")
    return list(found.orders), section


# ------------------------------------------------------------------ conditions, other awards, caps
def _section(turn: Turn, result: Result, found: Outlook) -> Section:
    book, section = turn.house.book, Section()
    policies = [ruling.governing.policy for ruling in result.rulings if ruling.governing]
    if not policies:
        section.lines.append("没有适用的奖励文件，也就没有可以再争取的奖项。")
        return section
    for unmet in found.unmet:
        conditions = "，".join(unmet.conditions)
        amount = amount_text(unmet.found)
        clause = unmet.found.provision.clause
        section.lines.append(f"- {award_name(unmet.found)}：若{conditions}，可得 {amount}（{clause}）。")
        section.citations += cite_award(turn.house.sources, book, unmet.policy, unmet.found)
    for room in found.rooms:
        _add_room(turn, result.assessment, room, section)
    _add_nearest(turn, found.nearest, {room.cap.id for room in found.rooms}, section)
    if not found.unmet and not found.nearest:
        section.lines.append("文件里没有同类的其他奖项可以再争取。")
    return section


def _add_nearest(turn: Turn, nearest: Sequence[Reachable], said: set[str], section: Section) -> None:
    """Other awards, policy by policy; caps that were said already are not said again."""
    house = turn.house
    for policy in dict.fromkeys(one.policy for one in nearest):
        rows: list[str] = []
        for one in nearest:
            if one.policy != policy:
                continue
            name = f"再多一项{award_name(one.found)}" if one.again else award_name(one.found)
            amount = pays(house.book, policy, one.found, capped=one.found.award.cap not in said)
            rows.append(f"- {name}：{amount}，见{one.found.provision.clause}")
            section.citations += cite_award(house.sources, house.book, policy, one.found)
        section.lines += [f"\n{_heading(turn, policy)}\n", *rows]
        rule = house.book.policies[policy].non_stacking
        if rule:
            section.lines.append(f"\n同时符合几项的：{rule.text}。")
            section.citations.append(house.sources.cite(policy, rule.clause, rule.quote))


def _heading(turn: Turn, policy: str) -> str:
    """What can be had still, or could be had while the policy ran."""
    period = turn.house.book.policies[policy].in_force
    if period.last_day is None or turn.request.today <= period.last_day:
        return "再获得以下同类奖项，可得："
    ended = "已经废止" if repealing(turn.house.book, policy) else "已过有效期"
    return f"文件{ended}；{chinese_day(period.last_day)}及以前取得的同类奖项，可得："


def _add_room(turn: Turn, assessment: Assessment, room: Room, section: Section) -> None:
    """What is left under a cap, where the sums that it is worked out of are printed or were said."""
    sources = turn.house.sources
    cap = sources.cite(room.policy, room.cap.clause, room.cap.quote)
    section.citations.append(cap)
    year = f"{room.year}年度，" if room.year else ""
    if room.left_yuan == 0:
        section.lines.append(f"{year}{room.cap.text}，已经用完。")
        return
    operands = [room.cap.yuan, *([room.received_yuan] if room.received_yuan else []), *room.counted_yuan]
    if room.of_cost or not _printed(turn, operands, cap):
        section.lines.append(f"{year}{room.cap.text}，还没有用完。")
        return
    section.lines.append(f"{year}{room.cap.text}，还可以再领 {yuan_text(room.left_yuan)}。")
    section.computations.append(
        Computation(
            operation="difference",
            operands=[Decimal(yuan) for yuan in operands],
            value=Decimal(room.left_yuan),
            unit="yuan",
        )
    )


def _printed(turn: Turn, operands: Sequence[int], cap: Citation) -> bool:
    """Whether the cap stands in its quotation and what was received in the conversation; awards stand in theirs."""
    received = turn.request.received_yuan or 0
    known = figures_in(cap.quote) | figures_in(turn.said)
    return all(
        ("yuan", Decimal(yuan).normalize()) in known for yuan in (operands[0], *([received] if received else []))
    )
