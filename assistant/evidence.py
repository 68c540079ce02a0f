"""Where to search, and whether what was found is evidence enough to answer."""

from __future__ import annotations

from assistant.periods import periods
from assistant.threshold import measure, score, threshold
from assistant.turn import Turn
from assistant.understanding.folding import fold
from knowledge.model import Hit
from rules.model import Place

_FOLLOWING = 2  # characters that must follow a place in a text for it to be a part of a name there


def narrow(turn: Turn) -> list[list[str] | None]:
    """The policies among which to search, for each place that the question names.

    Of several versions of a text a year tells which: the one of that year, else those in force in it. Who asks which
    text repealed another asks of the one that did.

    Returns:
        One list of those named, or of those of each place; a list with None when neither policy nor
        place is named: all are searched. Empty when no place has a text.
    """
    request = turn.request
    if request.policies:
        return [_of_years(turn, [*request.policies, *_repealing(turn)])]
    places = request.compared_places or ((request.place,) if request.place else ())
    found = [_of_years(turn, policies) for place in places if (policies := _texts_of(turn, place))]
    if found or any(not _in_a_name(turn, place) for place in places):
        return [*found]
    return [None]


def _texts_of(turn: Turn, place: Place) -> list[str]:
    """The texts of a place: those of the district where it has its own, else of the city, else of what it holds."""
    book = turn.house.book
    own = [rules for rules in book.policies.values() if rules.home.covers(place)]
    inside = [rules for rules in book.policies.values() if place.covers(rules.home)]
    if own:
        districts = [rules.policy for rules in own if rules.home.district is not None]
        return districts or [rules.policy for rules in own]
    return [rules.policy for rules in inside]


def _repealing(turn: Turn) -> list[str]:
    """Where it is asked what repealed the texts named: the texts that say so."""
    request = turn.request
    if not request.asks_repeal:
        return []
    rules = turn.house.book.policies.values()
    return [
        one.policy
        for one in rules
        if one.policy not in request.policies and any(repeal.policy in request.policies for repeal in one.repeals)
    ]


def _of_years(turn: Turn, policies: list[str]) -> list[str]:
    """Those of several texts that are of a year named, or were in force in it; all where that tells nothing."""
    request, book = turn.request, turn.house.book
    if len(policies) < 2 or request.kind == "comparison" or request.asks_repeal:
        return policies
    kept: set[str] = set()
    for period in periods(turn):
        of_year = set(book.of_year(period.first.year)) & set(policies) if period.label.isdigit() else set[str]()
        kept |= of_year or {
            policy
            for policy in policies
            if (rules := book.policies[policy]).provisions
            and period.overlap(rules.in_force.first_day, rules.in_force.last_day)
        }
    return [policy for policy in policies if policy in kept] or policies


def _in_a_name(turn: Turn, place: Place) -> bool:
    """Whether a place without a text stands in the question as a part of something that the texts speak of.

    Words that follow the place in the question follow it in a text as well: 上海国家技术标准创新基地.
    """
    text = fold(turn.request.question).text
    name = (place.district or place.city or place.province or "").rstrip("省市县区")
    at = text.find(name) if name else -1
    wanted = text[at : at + len(name) + _FOLLOWING]
    return (
        at >= 0
        and len(wanted) == len(name) + _FOLLOWING
        and any(wanted in fold(policy.body).text for policy in turn.house.sources.policies.values())
    )


def enough(turn: Turn, hits: list[Hit]) -> bool:
    """Whether what was found for a question answers it."""
    return bool(hits) and score(measure(turn, hits, narrow(turn))) >= threshold().least
