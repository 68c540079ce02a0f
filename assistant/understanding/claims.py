"""Joins mentions into claims: which words belong to which honour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

from assistant.understanding.drafts import Draft, agree, drop_summaries, join_complementary, join_instances
from assistant.understanding.folding import fold_word
from assistant.understanding.model import (
    AwardMention,
    DateMention,
    FacetMention,
    Mentions,
    MoneyMention,
    PlaceMention,
    RankMention,
    Span,
)
from assistant.understanding.wordlist import find, has, words
from rules.assessment import Claim
from rules.vocabulary import Vocabulary

_BREAKS = re.compile(r"[，,。；;？?！!：:()]")
_JOINED = re.compile(
    r"^(?:[ 级的里头上、和与跟及/)]|以及|自己|本级|那个|这个|那边|这边|年度|评选?|颁发?|发的|设立?|认定?|批准?|授予?|人民政府|政府|人民)*$"
)
_ONE_OF_THEM = re.compile(r"(?:颁发的)?[那这]?[一二两三\d]?[个项份种]?(?:(?:二级|下属)?机构)?[，,]?")
_ENDING = 3  # characters by which a long name is called in short
_LEVEL_OF = {"province": "provincial", "city": "municipal"}


def qualifiers(text: str, awards: tuple[AwardMention, ...], places: list[PlaceMention]) -> dict[int, AwardMention]:
    """Place mentions (by start) that say whose award it is: 台州市政府质量奖, 福州市和福建省的质量奖."""
    found: dict[int, AwardMention] = {}
    starts = {award.start: award for award in awards}
    for place in sorted(places, key=lambda mention: mention.start, reverse=True):
        for start, award in starts.items():
            if place.end <= start and _JOINED.match(text[place.end : start]) and place.places[0].district is None:
                found[place.start] = award
                starts = {**starts, place.start: award}
                break
    return found


def granted_levels(text: str, places: Sequence[PlaceMention]) -> list[FacetMention]:
    """The level that a place says by which something is granted: 浙江省发的, 福州市级, 台州市自己定的."""
    pattern = re.compile(rf"[这那]?一?级|(?:自己|本地)?(?:{'|'.join(map(re.escape, words().granted_by))})")
    # 贡献奖，浙江省的，… where a city or district says where the applicant is
    of_what = re.compile(r"的(?=[，,。;；！!?？、)]|$)" if any(p.places[0].city for p in places) else r"(?!)")
    return [
        FacetMention(place.start, place.end, "level", _LEVEL_OF["city" if place.places[0].city else "province"])
        for place in places
        # A municipality is no province of these policies: what is granted in 北京 is national.
        if place.places[0].district is None
        and (place.places[0].province or "").endswith("省")
        and (pattern.match(text, place.end) or (place.places[0].city is None and of_what.match(text, place.end)))
    ]


def level_facets(text: str, mentions: Mentions, vocabulary: Vocabulary) -> list[FacetMention]:
    """The level that a place in front of an award says: 浙江省 is provincial, 台州市 municipal."""
    found: list[FacetMention] = []
    for start, award in qualifiers(text, mentions.awards, list(mentions.places)).items():
        if "level" not in vocabulary.concepts[award.concept].facets:
            continue
        mention = next(place for place in mentions.places if place.start == start)
        place = mention.places[0]
        if place.district is None:  # 临海的试点 is a pilot in 临海, not one of a county
            level = _LEVEL_OF["city" if place.city else "province"]
            found.append(FacetMention(mention.start, mention.end, "level", level))
    return found


def build_claims(mentions: Mentions, vocabulary: Vocabulary) -> list[Claim]:
    """The claims of one question.

    Args:
        mentions: What was recognised.
        vocabulary: Which facets a concept has.

    Returns:
        One claim for each award and level named, in the order of the question. A level that
        stands once for two names joined by 、 is taken over by the second (中国质量奖、质量奖提名奖).
    """
    text = mentions.text
    facets = sorted([*mentions.facets, *level_facets(text, mentions, vocabulary)], key=lambda m: m.start)
    bounds = _segments(text)
    heads = _without_repetitions(text, mentions.awards)
    drafts: list[Draft] = []
    prior = False
    for number, (start, end) in enumerate(bounds):
        inside = Span(start, end)
        words_here = text[start:end]
        if text[start - 1 : start] != "(":  # a bracket belongs to what stands before it
            prior = has(words_here, words().prior) and any(
                m.role == "received" for m in mentions.money if m.overlaps(inside)
            )
        awards = [award for award in heads if award.overlaps(inside)]
        here = [facet for facet in facets if facet.overlaps(inside)]
        if prior:
            # What was received before is no claim, but names the honour that the question is about.
            if awards and not drafts:
                drafts.append(Draft(awards[-1].concept, awards[-1].start, segment=number))
            continue
        if has(words_here, (*words().filed_first, *words().filed_later)) and len(drafts) > 1:
            continue
        if awards:
            _from_awards(text, awards, here, drafts, vocabulary, number)
        elif drafts and here:
            _from_facets(here, drafts, vocabulary, start, number)
        elif here and heads:
            _before_the_name(heads[0], here, drafts, vocabulary, start, number)
        _take_counts(mentions, awards, drafts, inside, number)
    join_instances(drafts)
    join_complementary(text, drafts, bounds)
    drop_summaries(text, drafts, bounds)
    _take_dates(mentions, drafts, bounds)
    claims = [
        Claim(concept=draft.concept, facets=draft.facets, obtained=draft.obtained, quantity=draft.quantity)
        for draft in drafts
    ]
    return _take_conditions(mentions, claims, drafts, bounds, vocabulary)


def _without_repetitions(text: str, awards: tuple[AwardMention, ...]) -> list[AwardMention]:
    """全国标委会的一个工作组（WG） is one thing: of mentions that run on, the closest name stays.

    A name followed by 的 and another of the same concept only says where that one belongs; an
    abbreviation right after a name, in brackets or not, repeats it.
    """
    kept: list[AwardMention] = []
    for award in awards:
        # 绿色产品认证（有机产品）: the bracket explains.
        if kept and text[kept[-1].end : award.start] == "(" and text[award.end : award.end + 1] == ")":
            continue
        if kept and kept[-1].concept == award.concept and not award.instance:
            between = text[kept[-1].end : award.start]
            if between in ("", "(") and award.implies in ({}, kept[-1].implies):
                continue
            if _contains(between) or (not between and kept[-1].implies):  # 全国标委会工作组
                # What only the container says still holds: 全国标委会下面的工作组 is a national one.
                kept[-1] = replace(award, implies={**kept[-1].implies, **award.implies})
                continue
        kept.append(award)
    return kept


def _contains(between: str) -> bool:
    """Whether words between two names say that the second belongs to the first: 里头的, 下面的一个."""
    rest = next((between[len(word) :] for word in words().containers if between.startswith(word)), None)
    return rest is not None and _ONE_OF_THEM.fullmatch(rest) is not None


def _segments(text: str) -> list[tuple[int, int]]:
    edges = [0, *(match.end() for match in _BREAKS.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(edges) if a < b]


def _from_awards(
    text: str,
    awards: list[AwardMention],
    facets: list[FacetMention],
    drafts: list[Draft],
    vocabulary: Vocabulary,
    segment: int,
) -> None:
    assigned: dict[int, list[FacetMention]] = {award.start: [] for award in awards}
    for facet in facets:
        takers = [award for award in awards if facet.facet in vocabulary.concepts[award.concept].facets]
        if not takers:
            _refine(facet, awards, assigned, vocabulary)
        if takers:
            # A word stands before the name it qualifies more often than after it.
            nearest = min(
                takers, key=lambda a: (a.start - facet.end) if a.start >= facet.end else 2 * (facet.start - a.end) + 2
            )
            assigned[nearest.start].append(facet)
    previous: Draft | None = None
    for award in awards:
        values: dict[str, list[str]] = {facet: [value] for facet, value in award.implies.items()}
        for facet in assigned[award.start]:
            if facet.value.startswith(f"{award.implies.get(facet.facet)}/"):
                values[facet.facet] = [facet.value]
            elif facet.value not in values.get(facet.facet, []) and facet.facet not in award.implies:
                values.setdefault(facet.facet, []).append(facet.value)
        if previous is not None and previous.concept == award.concept:
            if award.instance or not values:
                previous.quantity = (previous.quantity or 1) + 1 if award.instance else previous.quantity
                continue
            if previous.instances and agree(previous.facets, values):
                previous.facets |= {facet: found[0] for facet, found in values.items()}
                continue
            if (
                "level" not in values
                and "level" in previous.facets
                and "level" in vocabulary.concepts[award.concept].facets
            ):
                values["level"] = [previous.facets["level"]]
        for combination in product(*values.values()):
            chosen = dict(zip(values, combination, strict=True))
            told = [draft for draft in drafts if draft.concept == award.concept]
            if (
                len(told) == 1
                and told[0].before_name
                and not award.instance
                and agree(told[0].facets, {f: [v] for f, v in chosen.items()})
            ):
                previous = told[0]
                previous.facets |= chosen
                previous.own |= set(chosen)
                previous.at, previous.segment, previous.before_name = award.start, segment, False
                continue
            previous = Draft(award.concept, award.start, chosen, set(chosen), segment=segment)
            if award.instance:
                previous.quantity = previous.instances = 1
            drafts.append(previous)


def _refine(
    level: FacetMention, awards: list[AwardMention], assigned: dict[int, list[FacetMention]], vocabulary: Vocabulary
) -> None:
    """市一级的地方标准: a word that refines what the next name implies, though the honour has no such facet."""
    for award in awards:
        for facet, value in award.implies.items():
            finer = f"{value}/{level.value}"
            if award.start >= level.end and finer in vocabulary.facets[facet].values:
                assigned[award.start].append(FacetMention(level.start, level.end, facet, finer))
                return


def _from_facets(
    facets: list[FacetMention], drafts: list[Draft], vocabulary: Vocabulary, at: int, segment: int
) -> None:
    """A clause that only says 市一级 fills the claim before it; one that says 复评审 after 首张 is another."""
    last = drafts[-1]
    fitting = [facet for facet in facets if facet.facet in vocabulary.concepts[last.concept].facets]
    for facet in facets:  # 地方标准，省里发布的那级
        for kind, value in list(last.facets.items()):
            if facet not in fitting and f"{value}/{facet.value}" in vocabulary.facets[kind].values:
                last.facets[kind] = f"{value}/{facet.value}"
    for facet in fitting:
        known = last.facets.get(facet.facet)
        if known is None or facet.value.startswith(known + "/"):
            last.facets[facet.facet] = facet.value
            last.own.add(facet.facet)
        elif known != facet.value:
            last = Draft(last.concept, at, {**last.facets, facet.facet: facet.value}, {facet.facet}, segment=segment)
            drafts.append(last)


def _before_the_name(
    head: AwardMention,
    facets: list[FacetMention],
    drafts: list[Draft],
    vocabulary: Vocabulary,
    at: int,
    segment: int,
) -> None:
    """首张认证2021年3月, 2022年又复评审, 品字标: the clauses before the name are claims of it."""
    fitting = [f for f in facets if f.facet in vocabulary.concepts[head.concept].facets and f.facet not in head.implies]
    for facet in fitting:
        drafts.append(
            Draft(
                head.concept,
                at,
                {**head.implies, facet.facet: facet.value},
                {facet.facet},
                segment=segment,
                before_name=True,
            )
        )


def _take_counts(
    mentions: Mentions, awards: list[AwardMention], drafts: list[Draft], inside: Span, segment: int
) -> None:
    counts = [count for count in mentions.counts if count.overlaps(inside)]
    if not awards and len(drafts) > 1:  # 两个不相干: the number of what was told, no quantity
        counts = [count for count in counts if count.quantity != len(drafts)]
    if not counts or not drafts:
        return
    here = [draft for draft in drafts if draft.segment == segment] or drafts[-1:]
    if len(here) == 1:
        here[0].quantity = max([here[0].quantity or 1, *(count.quantity for count in counts)])
        return
    ends = {award.start: award.end for award in awards}
    for count in counts:
        touching = [draft for draft in here if ends.get(draft.at) == count.start]
        after = touching or [draft for draft in here if draft.at >= count.start]
        target = min(after, key=lambda d: d.at - count.start) if after else here[-1]
        target.quantity = max(target.quantity or 1, count.quantity)


def _take_dates(mentions: Mentions, drafts: list[Draft], bounds: list[tuple[int, int]]) -> None:
    for draft in drafts:
        start, end = bounds[draft.segment]
        inside = [date for date in mentions.dates if start <= date.start < end]
        before = [date for date in mentions.dates if date.start < start]
        if inside:
            earlier = [date for date in inside if date.start <= draft.at]
            draft.obtained = (earlier or inside)[-1 if earlier else 0].period
        elif bracketed := _in_the_bracket(mentions, bounds, draft.segment):
            draft.obtained = bracketed.period
        elif before:
            draft.obtained = before[-1].period
        elif mentions.dates:
            draft.obtained = mentions.dates[0].period


def _in_the_bracket(mentions: Mentions, bounds: list[tuple[int, int]], segment: int) -> DateMention | None:
    """国家标准（2022年9月）: the date in the bracket behind a clause is that of the clause."""
    if segment + 1 >= len(bounds) or mentions.text[bounds[segment][1] - 1] != "(":
        return None
    start, end = bounds[segment + 1]
    return next((date for date in mentions.dates if start <= date.start < end), None)


def _take_conditions(
    mentions: Mentions,
    claims: list[Claim],
    drafts: list[Draft],
    bounds: list[tuple[int, int]],
    vocabulary: Vocabulary,
) -> list[Claim]:
    """Rank, result, times, cost and completion go to the claim of their clause, else to the last before."""
    result: list[Claim] = []
    paid = [money for money in mentions.money if money.role == "cost"]
    for_all = [rank for rank in mentions.ranks if _holds_for_all(mentions.text, rank, bounds)]
    for index, (claim, draft) in enumerate(zip(claims, drafts, strict=True)):
        end = (
            bounds[drafts[index + 1].segment][0]
            if index + 1 < len(drafts) and drafts[index + 1].segment != draft.segment
            else len(mentions.text)
        )
        start = bounds[draft.segment][0] if index else 0
        ranks = [rank for rank in mentions.ranks if start <= rank.start < end]
        ranks = _behind_the_name(ranks, drafts, index) or _said_of_us(mentions.text, ranks, bounds) or ranks or for_all
        exact = [rank for rank in ranks if rank.exact] or ranks
        costs = [money for money in paid if start <= money.start < end] or paid
        # 验收合格、评定为优秀: the higher result, which the list names first, says more.
        order = list(words().results)
        results = sorted(
            (r for r in mentions.results if start <= r.start < end),
            key=lambda r: order.index(r.value) if r.value in order else len(order),
        )
        updates: dict[str, object] = {
            "rank": exact[0].rank if exact else None,
            "result": results[0].value if results else None,
            "times": mentions.times,
            "cost_yuan": costs[0].yuan if costs else None,
            "completed": not _is_unfinished(mentions.text[start:end]),
        }
        claim = claim.model_copy(update=updates)
        result += _by_payment(mentions, claim, costs, bounds) if len(drafts) == 1 else [claim]
    return _take_projects(mentions, result, vocabulary)


def _behind_the_name(ranks: list[RankMention], drafts: list[Draft], index: int) -> list[RankMention]:
    """国标排第一、行标排第四: of several places in one clause the one between this name and the next."""
    later = [draft.at for draft in drafts[index + 1 :] if draft.segment == drafts[index].segment]
    if len(ranks) < 2 or not (later or index):
        return []
    return [rank for rank in ranks if drafts[index].at <= rank.start < min(later, default=rank.start + 1)]


def _said_of_us(text: str, ranks: list[RankMention], bounds: list[tuple[int, int]]) -> list[RankMention]:
    """牵头的是一家研究所，我们挂老二: of several places the one in a clause that says 我们."""
    if len(ranks) < 2:
        return []
    own = [text[start:end] for rank in ranks for start, end in bounds if start <= rank.start < end]
    return [rank for rank, clause in zip(ranks, own, strict=True) if has(clause, words().first_person)]


def _holds_for_all(text: str, rank: RankMention, bounds: list[tuple[int, int]]) -> bool:
    """两回第一起草单位都是我们: a place that is said once for everything told."""
    clause = next(text[start:end] for start, end in bounds if start <= rank.start < end)
    return has(clause, words().for_all)


def _is_unfinished(text: str) -> bool:
    """Whether an honour is not there yet; 没评上正的，给了个提名 says of another that it is."""
    span = find(text, words().not_completed)
    return span is not None and not text.startswith("正", span[1])


def _by_payment(
    mentions: Mentions, claim: Claim, costs: list[MoneyMention], bounds: list[tuple[int, int]]
) -> list[Claim]:
    """2018年付了12万, 2019年付了22万: payments of several dates are several claims."""
    claims: list[Claim] = []
    for money in costs:
        start = max(start for start, _ in bounds if start <= money.start)
        dates = [date for date in mentions.dates if start <= date.start < money.start]
        if not dates:
            return [claim]
        claims.append(claim.model_copy(update={"obtained": dates[-1].period, "cost_yuan": money.yuan}))
    return claims if len(claims) > 1 else [claim]


def _take_projects(mentions: Mentions, claims: list[Claim], vocabulary: Vocabulary) -> list[Claim]:
    """同一个项目 makes the claims one project; 先申报的是省级 says which was filed first."""
    text = mentions.text
    if len(claims) < 2 or not has(text, words().same_project) or has(text, words().different_projects):
        return claims
    claims = [claim.model_copy(update={"project": "同一项目"}) for claim in claims]
    return order_by_filing(mentions, claims, vocabulary)


def _calls(clause: str, claim: Claim, vocabulary: Vocabulary) -> bool:
    """Whether a clause calls a claim by the end of a name: 贡献奖 for 标准创新贡献奖."""
    endings = {
        fold_word(word)[-_ENDING:]
        for group in vocabulary.concepts[claim.concept].names
        for word in group.words
        if len(word) > _ENDING
    }
    return has(clause, endings)


def _has_value(claim: Claim, facet: FacetMention) -> bool:
    """Whether a word fits a claim: 市级 a claim of a municipal honour, and of 市级地方标准."""
    return claim.facets.get(facet.facet) == facet.value or any(
        value.endswith(f"/{facet.value}") for value in claim.facets.values()
    )


def order_by_filing(mentions: Mentions, claims: list[Claim], vocabulary: Vocabulary) -> list[Claim]:
    """Sets the order of filing where the question tells what was filed first or later."""
    for start, end in _segments(mentions.text):
        clause = mentions.text[start:end]
        first = has(clause, words().filed_first)
        later = has(clause, words().filed_later) and not first
        if not first and not later:
            continue
        here = [award for award in mentions.awards if start <= award.start < end]
        exactly = [
            index
            for index, claim in enumerate(claims)
            if any(start <= f.start < end and _has_value(claim, f) for f in mentions.facets)
            or any(
                a.implies and all(claim.facets.get(k) == v for k, v in a.implies.items())
                for a in here
                if a.concept == claim.concept
            )
        ]
        apart = len({claim.concept for claim in claims}) == len(claims)
        named = exactly or [
            index
            for index, claim in enumerate(claims)
            if _calls(clause, claim, vocabulary) or (apart and any(a.concept == claim.concept for a in here))
        ]
        if len(named) != 1:
            continue
        position = 1 if first else 2
        others = 2 if first else 1
        claims = [
            claim.model_copy(update={"filed": position if index == named[0] else others})
            for index, claim in enumerate(claims)
        ]
    return claims
