"""What it would take, in English: conditions still to meet, other awards of the same kind, what a cap leaves."""

from __future__ import annotations

from decimal import Decimal

from assistant.model import Answer
from assistant.replies import outlook as chinese
from assistant.replies.eligibility import applicant_of
from assistant.replies.english_terms import award_name, day, pays, phrase, text_name, yuan
from assistant.turn import Turn
from rules.calculator import Result
from rules.outlook import Outlook, Room, filing, outlook


def more(turn: Turn, answer: Answer, result: Result) -> str:
    """What is asked beside the amount; empty where nothing more is asked.

    Args:
        turn: The question.
        answer: As answered in Chinese, for the sums that it computed.
        result: What the calculator answered.
    """
    if not chinese.asks(turn):
        return ""
    book, applicant = turn.house.book, applicant_of(turn)
    rows: list[str] = []
    if turn.request.asks_filing_order:
        order = filing(book, applicant, result)
        if order is None:
            rows.append("Fewer than two awards can be claimed, so no order of filing matters.")
        elif not order.orders:
            rows.append(f"The order of filing changes nothing: {phrase(order.rule.text)}.")
        else:
            rows.append(f"The order of filing matters for one project only: {phrase(order.rule.text)}.")
    if turn.request.asks_outlook:
        rows += _reachable(turn, outlook(book, applicant, result), answer)
    return "\n".join(f"- {row}" for row in rows)


def _reachable(turn: Turn, found: Outlook, answer: Answer) -> list[str]:
    book = turn.house.book
    rows = [
        f"{award_name(one.found.award)}: {pays(book, one.policy, one.found.award)}, on the condition that "
        f"{'; '.join(f'“{condition}”' for condition in one.conditions)} (clause {one.found.provision.clause})."
        for one in found.unmet
    ]
    rows += [_room(room, answer) for room in found.rooms]
    for one in found.nearest:
        last = book.policies[one.policy].in_force.last_day
        when = f", if obtained by {day(last)}" if last and last < turn.request.today else ""
        again = "one more " if one.again else ""
        rows.append(
            f"{again}{award_name(one.found.award)}: {pays(book, one.policy, one.found.award)} under the "
            f"{text_name(book, one.policy)}, clause {one.found.provision.clause}{when}."
        )
    return rows or ["The texts list no other award of the same kind that could be had (没有同类的其他奖项)."]


def _room(room: Room, answer: Answer) -> str:
    year = f" in {room.year}" if room.year else ""
    if room.left_yuan == 0:
        return f"{phrase(room.cap.text)}{year}: used up (已经用完)."
    if Decimal(room.left_yuan) in {step.value for step in answer.computations}:
        return f"{phrase(room.cap.text)}{year}: {yuan(room.left_yuan)} left."
    return f"{phrase(room.cap.text)}{year}: not used up yet (还没有用完)."
