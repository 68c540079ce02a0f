"""From words to a typed request: recognisers return spans, the resolver joins them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.understanding import numbers
from assistant.understanding.awards import AwardRecogniser
from assistant.understanding.claims import build_claims, granted_levels, qualifiers
from assistant.understanding.corrected import valid
from assistant.understanding.dates import find_dates
from assistant.understanding.denied import chosen, stated
from assistant.understanding.folding import fold
from assistant.understanding.greater import asks_greater
from assistant.understanding.heard import heard
from assistant.understanding.levels import find_levels
from assistant.understanding.linking import NameLinker
from assistant.understanding.model import AwardMention, Mentions, PlaceMention, Request, RequestKind, Span
from assistant.understanding.places import PlaceRecogniser, combine
from assistant.understanding.policies import PolicyRecogniser
from assistant.understanding.wordlist import find, has, words
from rules.assessment import Claim
from rules.loader import RuleBook
from rules.model import ApplicantType, Period, Place

_SHORT_TALK = 16  # folded characters; a longer question that says 你好 asks something else
_PROPER = "本级"
_OF_APPLICANT = re.compile(r"的?(?:一家|那家|这家|有家|某)?\w{0,2}(?:企业|公司|厂|单位|协会|合作社|机构)")
_HERE = ("我", "咱", "俺", "公司", "厂", "企业", "单位", "注册")
_SUBJECTS = ("钱", "奖", "补", "标准", "证", "政策", "文件")
_DOCUMENTS = ("证", "证书", "许可", "执照", "合同", "贷款")
_SPAN = re.compile(r"\d{2}年?(?:到|至|-|—|~)(?:20)?\d{2}年")
_PAID = re.compile(r"[奖补]了?\d")
_LITTLE = 1  # folded characters that carry no subject of their own


class Understander:
    """Understands questions about the policies of a rule book, without a language model.

    Args:
        book: All rules, with vocabulary and gazetteer.
    """

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._awards = AwardRecogniser(book.vocabulary)
        self._linker = NameLinker(book.vocabulary)
        self._places = PlaceRecogniser(book.gazetteer)
        self._policies = PolicyRecogniser(book)

    def recognise(self, question: str, today: date, year: int | None = None) -> Mentions:
        """Every mention of a question, folded.

        Args:
            question: As typed.
            today: What relative dates are counted from.
            year: The year that a month without one belongs to, from the conversation.
        """
        text = fold(question).text
        named = self._awards.find(text)
        # Where every award is denied, the denial is what is asked about.
        awards = [award for award in stated(text, named) or named if not _is_of_date(text, award)]
        if any(not award.generic for award in awards):
            awards = [award for award in awards if not award.generic or _only_of_concept(award, awards)]
        places = valid(text, [p for p in self._places.find(text) if not any(p.overlaps(a) for a in awards)])
        policies = self._policies.find(text, places)
        dates = valid(text, [d for d in find_dates(text, today, year) if not any(d.overlaps(p) for p in policies)])
        money = valid(text, numbers.find_money(text))
        if not awards and has(text, words().obtain):
            linked = self._linker.find(text, [*places, *policies, *dates, *money])
            awards = [linked] if linked else []
        told = self._awards.find_facets(text, awards, [*places, *policies, *dates])
        told += granted_levels(text, places)
        told += find_levels(text, awards, [*places, *policies, *dates, *told])
        facets = sorted(chosen(text, stated(text, told)), key=lambda mention: mention.start)
        ranks = numbers.find_ranks(text, [*dates, *money], facets)
        ranks = valid(text, ranks)
        counts = valid(text, numbers.find_counts(text, [*dates, *money, *awards, *ranks, *facets]))
        # 国家采用 is a result, though 国家 tells a level elsewhere.
        results = numbers.find_results(text, [*awards, *(f for f in facets if f.facet != "level")])
        return Mentions(
            text=text,
            awards=tuple(awards),
            facets=tuple(facets),
            places=tuple(places),
            dates=tuple(dates),
            policies=tuple(policies),
            money=tuple(money),
            counts=tuple(counts),
            ranks=tuple(ranks),
            results=tuple(results),
            times=numbers.find_times(text),
        )

    def subject(self, question: str) -> str:
        """A question without its places, dates and names of policies: what is left is what it asks about."""
        folded = fold(question)
        places = self._places.find(folded.text)
        spans = [*places, *self._policies.find(folded.text, places), *find_dates(folded.text, date.min)]
        kept = [
            letter
            for index, letter in enumerate(folded.text)
            if not any(span.start <= index < span.end for span in spans)
        ]
        return "".join(kept)

    def understand(self, question: str, today: date) -> Request:
        """The request of a question that stands by itself.

        Args:
            question: As typed, not empty.
            today: What relative dates are counted from.
        """
        return self.resolve(question, self.recognise(question, today), today)

    def resolve(self, question: str, mentions: Mentions, today: date) -> Request:
        """Joins the mentions of a question into a request."""
        text = mentions.text
        places = self._asked_places(mentions)
        policies = tuple(dict.fromkeys(p for mention in mentions.policies for p in mention.policies))
        if mentions.awards:  # of the texts of a year, those that have awards are meant
            policies = tuple(p for p in policies if self._book.policies[p].provisions) or policies
        claims = build_claims(mentions, self._book.vocabulary)
        own = _is_own_claim(self._book, mentions, bool(policies))
        place = places[0] if len(places) == 1 else _common(places)
        if not own and not policies and claims:
            # A bare year in a question about a text is the year of the text: 2021年给多少.
            years = {c.obtained.first.year for c in claims if c.obtained and c.obtained.label.isdigit()}
            policies = tuple(
                p
                for year in sorted(years)
                for p in self._book.of_year(year, [place] if place else [])
                if self._book.policies[p].provisions
            )
        asks_money = _asks_money(mentions)
        if not own and len(policies) < 2 and _compares(text):
            # 17年和21年的办法有啥区别: bare years that are compared are those of the texts.
            years = {date.period.first.year for date in mentions.dates if date.period.label.isdigit()}
            found = tuple(
                p
                for y in sorted(years)
                for p in self._book.of_year(y, [place] if place else [])
                if self._book.policies[p].provisions
            )
            policies = tuple(dict.fromkeys((*policies, *found)))
        kind = self._kind(mentions, claims, own, asks_money, places, policies)
        if not own:
            claims = [claim.model_copy(update={"obtained": None}) for claim in claims] if policies else claims
        received = [money.yuan for money in mentions.money if money.role == "received"]
        asserted = [money.yuan for money in mentions.money if money.role == "asserted"]
        return Request(
            kind=kind,
            question=question,
            today=today,
            dated=bool(mentions.dates),
            own_claim=own,
            place=place,
            compared_places=tuple(places) if len(places) > 1 or kind == "comparison" else (),
            policies=policies,
            applicant_type=_applicant_type(mentions),
            claims=tuple(claims),
            received_yuan=int(sum(received)) if received else None,
            asserted_yuan=tuple(int(yuan) for yuan in asserted),
            tag_question=_is_tag(text),
            asks_funding=has(text, words().funding),
            asks_in_force=_asks_in_force(text) or _says_span(text, policies, claims),
            asks_stacking=has(text, words().stacking),
            asks_interpreter=has(text, words().interpreter),
            asks_territory=has(text, words().territory),
            asks_repeal=has(text, words().repeal),
            asks_procedure=has(text, words().procedure),
            asks_who=has(text, words().who),
            asks_award_money=has(text, words().award_money) or _PAID.search(text) is not None,
            asks_outlook=has(text, words().outlook),
            asks_filing_order=has(text, words().filing_order),
            heard=heard(question, mentions),
        )

    def _asked_places(self, mentions: Mentions) -> list[Place]:
        """Where the question is about; a place in the name of an award counts only where none else is named."""
        text = mentions.text
        named = [
            place
            for place in mentions.places
            if not any(text[: place.start].endswith(word) for word in words().denied_place)
        ]
        of_awards = qualifiers(text, mentions.awards, named)
        of_texts = {p.start for p in named if any(p.overlaps(policy) for policy in mentions.policies)}
        free = [place for place in named if place.start not in of_awards and place.start not in of_texts]
        beside = _named_beside(text, free)
        free = [place for place in free if place not in beside]
        places = (
            _of_the_applicant(text, free)
            or combine(free)
            or combine([place for place in named if place.start in of_texts])
        )
        if not places:
            places = combine(named)
        elif any(place.district is None for place in places):
            # 浙江省政府质量奖 says no more than 台州 does; 台州市政府质量奖 makes 浙江 closer.
            merged = combine(named)
            if len(merged) == 1:
                places = merged
        for mention in named:
            if any(text.startswith(word, mention.end) for word in words().city_proper):
                places = [
                    p.model_copy(update={"district": _PROPER}) if p.district is None and p.city else p for p in places
                ]
        return places

    def _kind(
        self,
        mentions: Mentions,
        claims: list[Claim],
        own: bool,
        asks_money: bool,
        places: list[Place],
        policies: tuple[str, ...],
    ) -> RequestKind:
        text = mentions.text
        if has(text, words().injection):
            return "injection"
        states_sum = any(money.role == "asserted" for money in mentions.money)
        # …还是50万吧，跟17年一样: a premise, no comparison.
        premise = _is_tag(text) and states_sum and bool(claims)
        if (
            _compares(text)
            and not premise
            and (
                len(policies) > 1
                or len(places) > 1
                or (policies and places and not _holds(self._book, policies, places[0]))
            )
            # 福清的厂能不能套长乐那份意见: asks what one's own place gets.
            and not (len(places) == 1 and len(policies) == 1 and _is_own_claim(self._book, mentions, False))
        ):
            return "comparison"
        if (
            _is_tag(text)
            and not (len(claims) == 1 and states_sum)
            and not (own and has(text, words().how_much))
            and (
                _asks_in_force(text)
                or _says_span(text, policies, claims)
                or has(text, words().stacking)
                or has(text, words().territory)
                or has(text, words().interpreter)
            )
        ):
            return "premise"
        funded = own and has(text, words().funding)
        if (
            claims
            and _asks_fact(_without(text, mentions.awards))
            and not has(text, words().award_money)
            and not ((own and asks_money) or funded)
        ):
            return "text"
        if claims and (asks_money or own or has(text, (*words().stacking, *words().funding))):
            return "award"
        if _is_smalltalk(text) and not claims and not asks_money:
            return "smalltalk"
        paid_for = not places or any(
            t.place.may_be(place)
            for place in places
            for p in self._book.award_policies()
            for t in self._book.policies[p].territories
        )
        if _asks_in_force(text) and not claims and not places and not policies and _says_nothing_else(mentions):
            return "vague"
        if (
            (asks_money or has(text, words().vague))
            and not claims
            and paid_for
            and not policies
            and _says_nothing_else(mentions)
        ):
            return "vague"
        return "text"


def _is_own_claim(book: RuleBook, mentions: Mentions, names_policy: bool) -> bool:
    """Whether somebody obtained something, as against a question what a text gives."""
    text = mentions.text
    if not mentions.awards and not mentions.facets:
        return False
    obtained = has(text, words().obtain)
    person = has(text, words().first_person) or has(_without(text, mentions.awards), words().subject)
    if names_policy:
        return bool(mentions.dates) and obtained
    if has(text, words().done):  # 验收过啦: what is told as done is somebody's own
        return True
    if _is_tag(text) and any(m.role == "asserted" for m in mentions.money) and not person:
        # 2021年参与起草也有20万吧: what a text gives is taken for granted.
        if all(_may_name_text(book, mentions, date.period) for date in mentions.dates):
            return False
    if mentions.dates and (person or any(not _may_name_text(book, mentions, d.period) for d in mentions.dates)):
        return True
    return obtained and (person or bool(mentions.dates))


def _is_of_date(text: str, award: AwardMention) -> bool:
    """3月实验室 sounds like the name of an honour, and begins with a month."""
    return re.match(r"\d{1,2}[月日号]", text[award.start : award.end]) is not None


def _only_of_concept(award: AwardMention, awards: list[AwardMention]) -> bool:
    """Whether the other honours named are of the same kind: then even a general name counts what they are."""
    return all(other.concept == award.concept for other in awards)


def _may_name_text(book: RuleBook, mentions: Mentions, period: Period) -> bool:
    """Whether a bare year may be that of a text rather than of an honour: 台州2021年, not 玉环2022年."""
    if not period.label.isdigit():
        return False
    places = [place for mention in mentions.places for place in mention.places]
    return any(
        rules.in_force.first_day is not None
        and rules.in_force.first_day.year == period.first.year
        and (not places or rules.home in places)
        for rules in book.policies.values()
        if rules.provisions
    )


def _holds(book: RuleBook, policies: tuple[str, ...], place: Place) -> bool:
    """Whether any of the policies can hold at a place."""
    return any(t.place.may_be(place) for policy in policies for t in book.policies[policy].territories)


def _says_nothing_else(mentions: Mentions) -> bool:
    """Whether hardly a word is left beside those that ask for money: 奖励有多少, 我们椒江的厂去年拿了个奖能补吗."""
    lists = words()
    common = (
        *lists.ask_money, *lists.how_much, *lists.vague, *lists.vague_objects, *lists.question_words,
        *lists.first_person, *lists.subject, *lists.obtain, *lists.fillers, *lists.in_force, *lists.year_reference,
    )  # fmt: skip
    taken = [*mentions.places, *mentions.dates]
    text = "".join(
        " " if any(span.start <= at < span.end for span in taken) else sign for at, sign in enumerate(mentions.text)
    )
    for word in sorted(common, key=len, reverse=True):
        text = text.replace(word, " ")
    return len([sign for sign in text if sign.isalnum() and sign not in lists.particles]) <= _LITTLE


def _of_the_applicant(text: str, places: list[PlaceMention]) -> list[Place]:
    """温州的企业…台州给钱吗: of places that exclude each other, the one that names the applicant."""
    if len(combine(places)) < 2:
        return []
    situated = [p for p in places if text[: p.start].endswith(words().situated) and has(text, _HERE)]
    named = situated or [place for place in places if _OF_APPLICANT.match(text, place.end)]
    apart = [
        place
        for place in named
        if all(not a.may_be(b) for p in places if p is not place for a in p.places for b in place.places)
    ]
    return combine(apart) if len(apart) == 1 and len(named) == 1 else []


def _named_beside(text: str, places: list[PlaceMention]) -> list[PlaceMention]:
    """跟长乐搭界, 牵头的是杭州一家研究所: places that only say where another lies, or who else took part."""
    found: list[PlaceMention] = []
    for place in places:
        clause = re.split(r"[，,。；;？?！!：:()]", text[place.end :], maxsplit=1)[0]
        before = text[: place.start]
        if (before.endswith(words().beside) and has(clause, words().neighbouring)) or before.endswith("的是"):
            found.append(place)
    return found if len(found) < len(places) else []


def _asks_in_force(text: str) -> bool:
    """Whether it is asked how long a text runs; 许可证到期了 is no text."""
    span = find(text, words().in_force)
    return span is not None and not text[: span[0]].endswith(_DOCUMENTS)


def _says_span(text: str, policies: tuple[str, ...], claims: list[Claim]) -> bool:
    """三门规划是2020年到2024年的，对吧: takes a span of years for granted."""
    return _is_tag(text) and bool(policies) and not claims and _SPAN.search(text) is not None


def _is_smalltalk(text: str) -> bool:
    """Whether a question greets, thanks or asks who answers, and asks nothing else."""
    lists = words()
    rest = text
    for word in sorted((*lists.smalltalk, *lists.acknowledged), key=len, reverse=True):
        rest = rest.replace(word, " ")
    left = [sign for sign in rest if sign.isalnum() and sign not in lists.particles]
    if len(left) <= _LITTLE:
        return has(text, lists.smalltalk) or rest != text
    short = len(text) <= _SHORT_TALK * (3 if text.isascii() else 1)
    return short and has(text, lists.smalltalk) and not has(rest, _SUBJECTS)


def _asks_money(mentions: Mentions) -> bool:
    text = mentions.text
    if has(text, words().ask_money) or any(money.role == "asserted" for money in mentions.money):
        return True
    span = find(text, words().how_much)
    return span is not None and not text.startswith(words().counted, span[1])


def _compares(text: str) -> bool:
    """Whether several are set side by side."""
    return has(text, words().compare) or asks_greater(text)


def _asks_fact(text: str) -> bool:
    """Whether an indicator, a target, a responsible department or a name is asked for."""
    return has(text, (*words().targets, *words().who, *words().names))


def _without(text: str, mentions: Sequence[Span]) -> str:
    """The text without award names and the like, so that 示范企业 is no applicant."""
    for span in sorted(mentions, key=lambda mention: mention.start, reverse=True):
        text = text[: span.start] + "|" + text[span.end :]
    return text


def _is_tag(text: str) -> bool:
    span = find(text, words().tag)
    tail = re.sub(r"[?？!！。.~,，]+$", "", text)
    return has(text, words().hearsay) or (
        span is not None
        and any(tail.endswith(word) or re.search(re.escape(word) + r"[,，(。?？]", text) for word in words().tag)
    )


def _applicant_type(mentions: Mentions) -> ApplicantType | None:
    # 国际标准化组织 says a level, not that an organisation asks.
    text = _without(mentions.text, [*mentions.awards, *(f for f in mentions.facets if f.facet == "level")])
    best: ApplicantType | None = None
    for kind, names in words().applicant_types.items():
        for name in names:
            start = text.find(name)
            denied = start >= 0 and text[:start].endswith((*words().negations, *words().belongs_to))
            if start >= 0 and not denied and best is None:
                best = kind  # pyright: ignore[reportAssignmentType]
    return best


def _common(places: list[Place]) -> Place | None:
    """What several places share: two readings of one name leave the place open, two cities say nothing."""
    if not places:
        return None
    first = places[0]
    shared = {
        part: getattr(first, part) if len({getattr(p, part) for p in places}) == 1 else None
        for part in ("province", "city", "district")
    }
    return Place(**shared) if any(shared.values()) else None
