"""Whether rules and texts agree: each check returns its findings, none means all is well.

The clause texts are handed in; this package knows nothing of where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import cycle, islice

from rules.judgement import amount_figures
from rules.loader import RuleBook
from rules.model import Model, PolicyRules, Provision, Quotation

ClauseTexts = Mapping[tuple[str, str], str]
"""Verbatim text of each clause, sub-clauses included, by policy and clause path."""

Figure = tuple[str, Decimal]
"""``yuan`` or ``%``, and the value."""

_FIGURE = re.compile(r"(\d+(?:\.\d+)?)(亿元|万元|元|%|％)(?!/人)")
_RATIO = re.compile(r"1[:：]1")
_SCALE = {"亿元": 10**8, "万元": 10**4, "元": 1}
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


class Finding(Model):
    """Something that does not agree."""

    policy: str
    where: str
    """Award, clause or field."""
    message: str

    def __str__(self) -> str:
        return f"{self.policy} {self.where}: {self.message}"


Check = Callable[[RuleBook, ClauseTexts], Iterator[Finding]]


def check(book: RuleBook, texts: ClauseTexts) -> list[Finding]:
    """Everything that is wrong between rules and texts.

    Args:
        book: All rules.
        texts: The clause texts.
    """
    return [finding for one in CHECKS for finding in one(book, texts)]


def quotations_are_verbatim(book: RuleBook, texts: ClauseTexts) -> Iterator[Finding]:
    """Each quotation stands in its clause, whitespace aside."""
    for rules in book.policies.values():
        for where, quotation, policy in _quotations(rules):
            text = texts.get((policy, quotation.clause))
            if text is None:
                yield Finding(policy=rules.policy, where=where, message=f"{policy} has no clause {quotation.clause}")
            elif _squeeze(quotation.quote) not in _squeeze(text):
                yield Finding(
                    policy=rules.policy,
                    where=where,
                    message=f"“{quotation.quote}” does not stand in {policy} {quotation.clause}",
                )


def figures_stand_in_quotations(book: RuleBook, texts: ClauseTexts) -> Iterator[Finding]:
    """The n-th name takes the n-th amount: figures of a sentence are those of its awards, in order."""
    for rules in book.policies.values():
        for provision in rules.provisions:
            quote = _squeeze(provision.quote)
            capped = [span for cap in rules.caps for span in _occurrences(quote, cap.quote)]
            printed = [f for f, start, end in _figures(quote) if not any(a <= start and end <= b for a, b in capped)]
            ruled = [figure for award in provision.awards for figure in amount_figures(award.amount)]
            if not _same_order(provision, printed):
                names = "、".join(award.id for award in provision.awards)
                yield Finding(
                    policy=rules.policy,
                    where=names,
                    message=f"amounts {_shown(ruled)} are not those of the quotation, {_shown(printed)}",
                )
        for cap in rules.caps:
            printed = {figure for figure, _, _ in _figures(cap.quote)}
            for source, found in (("quotation", printed), ("text", {f for f, _, _ in _figures(cap.text)})):
                if found != {("yuan", Decimal(cap.yuan))}:
                    yield Finding(
                        policy=rules.policy,
                        where=f"cap {cap.id}",
                        message=f"{cap.yuan} yuan is not the {source}'s {_shown(found)}",
                    )


def days_stand_in_quotations(book: RuleBook, texts: ClauseTexts) -> Iterator[Finding]:
    """First days are printed; last days follow from the term or from the policy that repeals."""
    for rules in book.policies.values():
        period = rules.in_force
        printed = {
            date(*map(int, match)) for q in (period, period.dated) if q for match in _DAY.findall(_squeeze(q.quote))
        }
        years = re.search(r"为(\d{4})年至(\d{4})年", _squeeze(period.quote))
        if years:
            expected = (date(int(years[1]), 1, 1), date(int(years[2]), 12, 31))
            if (period.first_day, period.last_day) != expected:
                yield Finding(policy=rules.policy, where="in_force", message=f"the quotation says {expected}")
            continue
        if period.first_day not in printed:
            yield Finding(
                policy=rules.policy,
                where="in_force.first_day",
                message=f"{period.first_day} is not printed in its quotations",
            )
        if period.last_day != _last_day(book, rules):
            yield Finding(
                policy=rules.policy,
                where="in_force.last_day",
                message=f"{period.last_day} is not {_last_day(book, rules)}, which term and repeal give",
            )


def figures_are_claimed(book: RuleBook, texts: ClauseTexts) -> Iterator[Finding]:
    """Every sum and percentage of an award text belongs to a rule or is declared not to be an award."""
    for rules in book.policies.values():
        if not rules.provisions:
            continue
        tops = {path: text for (policy, path), text in texts.items() if policy == rules.policy and "/" not in path}
        for path, text in tops.items():
            squeezed = _squeeze(text)
            spans = [span for quotation in _claiming(rules) for span in _occurrences(squeezed, quotation.quote)]
            for figure, start, end in _figures(squeezed):
                if not any(a <= start and end <= b for a, b in spans):
                    around = squeezed[max(0, start - 20) : end + 10]
                    yield Finding(
                        policy=rules.policy,
                        where=path,
                        message=f"{_shown([figure])} in “…{around}…” belongs to no rule",
                    )


def words_are_unambiguous(book: RuleBook, texts: ClauseTexts) -> Iterator[Finding]:
    """Every word for an honour means one concept with one set of facets."""
    meanings: dict[str, set[tuple[str, tuple[tuple[str, str], ...]]]] = {}
    for concept, entry in book.vocabulary.concepts.items():
        for group in entry.names:
            for word in group.words:
                meanings.setdefault(word.lower(), set()).add((concept, tuple(sorted(group.implies.items()))))
    for word, found in meanings.items():
        if len(found) > 1:
            concepts = "、".join(sorted({concept for concept, _ in found}))
            yield Finding(policy="vocabulary", where=word, message=f"means {concepts}; one word has one meaning")


CHECKS: tuple[Check, ...] = (
    quotations_are_verbatim,
    figures_stand_in_quotations,
    days_stand_in_quotations,
    figures_are_claimed,
    words_are_unambiguous,
)


def _quotations(rules: PolicyRules) -> Iterator[tuple[str, Quotation, str]]:
    """Every quotation of a policy's rules with its place in the file and the policy that it quotes."""
    own = rules.policy
    for number, territory in enumerate(rules.territories):
        yield f"territories[{number}]", territory, own
    yield "in_force", rules.in_force, own
    if rules.in_force.dated:
        yield "in_force.dated", rules.in_force.dated, own
    for number, repeal in enumerate(rules.repeals):
        yield f"repeals[{number}]", repeal, own
    for name in ("interpreter", "non_stacking"):
        quotation = getattr(rules, name)
        if quotation:
            yield name, quotation, own
    for number, funding in enumerate(rules.funding):
        yield f"funding[{number}]", funding, own
    for cap in rules.caps:
        yield f"cap {cap.id}", cap, own
    for provision in rules.provisions:
        yield provision.awards[0].id, provision, own
    for number, other in enumerate(rules.not_awards):
        yield f"not_awards[{number}]", other, own


def _claiming(rules: PolicyRules) -> list[Quotation]:
    return [*rules.provisions, *rules.caps, *rules.not_awards]


def _last_day(book: RuleBook, rules: PolicyRules) -> date | None:
    """The day before the repealing policy begins, or before the anniversary that ends the term."""
    ends = [
        other.in_force.first_day
        for other in book.policies.values()
        for repeal in other.repeals
        if repeal.policy == rules.policy and other.in_force.first_day
    ]
    term = re.search(r"有效期(\d+)年", _squeeze(rules.in_force.quote))
    if term and rules.in_force.first_day:
        ends.append(rules.in_force.first_day.replace(year=rules.in_force.first_day.year + int(term[1])))
    return date.fromordinal(min(ends).toordinal() - 1) if ends else None


def _figures(text: str) -> list[tuple[Figure, int, int]]:
    """Sums and percentages with their span; 1:1 is a hundred percent."""
    squeezed = _squeeze(text)
    found: list[tuple[Figure, int, int]] = []
    for match in _FIGURE.finditer(squeezed):
        value = Decimal(match[1])
        percent = match[2] in "%％"
        found.append((("%", value) if percent else ("yuan", value * _SCALE[match[2]]), match.start(), match.end()))
    found += [(("%", Decimal(100)), match.start(), match.end()) for match in _RATIO.finditer(squeezed)]
    return sorted(found, key=lambda item: item[1])


def _same_order(provision: Provision, printed: list[Figure]) -> bool:
    """Awards take the figures in order, those that share one with the award before it the same again."""
    ruled = [amount_figures(award.amount) for award in provision.awards]
    flat = [figure for figures in ruled for figure in figures]
    if provision.levels_repeat:
        return bool(printed) and len(flat) % len(printed) == 0 and flat == list(islice(cycle(printed), len(flat)))
    shared = [award.same_figure for award in provision.awards]
    first_uses = [f for figures, again in zip(ruled, shared, strict=True) if not again for f in figures]
    repeats_agree = all(ruled[index] == ruled[index - 1] for index, again in enumerate(shared) if again and index > 0)
    return first_uses == printed and repeats_agree and not (shared and shared[0])


def _occurrences(squeezed: str, quote: str) -> list[tuple[int, int]]:
    wanted = _squeeze(quote)
    return [(m.start(), m.start() + len(wanted)) for m in re.finditer(re.escape(wanted), squeezed)]


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def _shown(figures: list[Figure] | set[Figure]) -> str:
    return "、".join(f"{value:f}{'%' if unit == '%' else ' yuan'}" for unit, value in figures) or "none"
