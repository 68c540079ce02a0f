"""Which texts a question means: those it names, and those of the places beside them."""

from __future__ import annotations

from dataclasses import replace

from assistant.evidence import narrow
from assistant.turn import Turn
from assistant.understanding.dates import find_dates
from assistant.understanding.folding import fold
from assistant.understanding.model import Request
from rules.loader import RuleBook
from rules.model import Place

_TWO = 2


def texts_meant(turn: Turn) -> list[str]:
    """The texts among which a question can be answered, in its order.

    Args:
        turn: The question.

    Returns:
        Those named and those of each place that none of the named can hold at; all texts where neither text nor
        place is named; none where no place has a text.
    """
    request, book = turn.request, turn.house.book
    places = request.compared_places or ((request.place,) if request.place else ())
    scopes = narrow(turn)
    if not places or None in scopes:
        return [policy for scope in scopes for policy in scope or book.policies]
    found = list(request.policies)
    for place in places:
        if not any(holds_at(book, policy, place) for policy in request.policies):
            found += texts_of(turn, place)
    return list(dict.fromkeys(found))


def two_texts(turn: Turn) -> tuple[str, str] | None:
    """The two texts that a question sets side by side, versions of one text the earlier first.

    Args:
        turn: The question.

    Returns:
        None where there are not two. Of more than two, those with awards are meant, and of the versions of one text
        the latest.
    """
    book = turn.house.book
    found = list(dict.fromkeys([*texts_meant(turn), *_of_years(turn)]))
    if not turn.request.policies and not turn.request.compared_places:
        return None
    if len(found) > _TWO:
        found = [policy for policy in found if book.policies[policy].provisions]
    if len(found) > _TWO:
        found = [policy for policy in found if not any(replaces(book, other, policy) for other in found)]
    if len(found) != _TWO:
        return None
    left, right = found
    return (right, left) if replaces(book, left, right) else (left, right)


def _of_years(turn: Turn) -> list[str]:
    """17年和21年的意见: the texts with awards of the years that are named, at the places that are."""
    request, book = turn.request, turn.house.book
    places = request.compared_places or ((request.place,) if request.place else ())
    dates = find_dates(fold(request.question).text, request.today)
    years = [date.period.first.year for date in dates if date.period.label.isdigit()]
    return [p for year in years for p in book.of_year(year, places) if book.policies[p].provisions]


def asks_standing(request: Request) -> bool:
    """Whether a question asks of a text as a whole: how long it runs, where, who pays and interprets, what it repeals."""
    return (
        request.asks_funding or request.asks_in_force or request.asks_stacking
        or request.asks_interpreter or request.asks_territory or request.asks_repeal
    )  # fmt: skip


def texts_of(turn: Turn, place: Place) -> list[str]:
    """The texts of a place.

    Args:
        turn: The question.
        place: Where.
    """
    alone = turn.request.model_copy(update={"policies": (), "compared_places": (), "place": place})
    return [policy for named in narrow(replace(turn, request=alone)) for policy in named or ()]


def replaces(book: RuleBook, later: str, earlier: str) -> bool:
    """Whether a text repeals another."""
    return any(repeal.policy == earlier for repeal in book.policies[later].repeals)


def holds_at(book: RuleBook, policy: str, place: Place) -> bool:
    """Whether a text can hold at a place."""
    return any(territory.place.may_be(place) for territory in book.policies[policy].territories)
