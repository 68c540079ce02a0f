"""Policies that a question names: by number or name, by year (21年的文件), or by age (老政策)."""

from __future__ import annotations

import re

from assistant.understanding.folding import fold_word
from assistant.understanding.model import PlaceMention, PolicyMention
from assistant.understanding.wordlist import find, has, words
from rules.loader import RuleBook
from rules.model import Place

_YEAR_AFTER = re.compile(r"(?:20)?(\d{2})(?:年|(?<=20\d\d))(?![\d月底初上下])")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:20)?(\d{2})年?$")
_NEXT_WORDS = 6  # characters after a year in which 拿了 would make it the year of an honour
_BETWEEN = r"[年的那份个老旧新这度两)）]{0,4}"


class PolicyRecogniser:
    """Finds policies that are named.

    Args:
        book: All rules, for names and years of the policies.
    """

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._named = [
            (_with_brackets(fold_word(word)), policy.policy)
            for policy in book.policies.values()
            for word in policy.words
        ]
        references = "|".join(sorted(map(re.escape, words().year_reference), key=len, reverse=True))
        self._document = re.compile(
            rf"(?:的|这|那|份|个|的那份|的这份|那份|这份|那个|这个)(?:{references})|(?:{references})(?![\w]*奖)"
        )
        self._year = re.compile(
            rf"(?<!\d)(?:20)?(\d{{2}})(?:(?:年{_BETWEEN}|版?)(?:{references})|版)|\((?:20)(\d{{2}})(?:年?版?)?\)|(?<!\d)(?:20)?(\d{{2}})年的?(?=\)|$)"
        )

    def find(self, text: str, places: list[PlaceMention]) -> list[PolicyMention]:
        """Mentions in a folded text, in its order.

        Args:
            text: The folded question.
            places: Place names in it, to tell whose 2021 policy is meant.
        """
        near = [place for mention in places for place in mention.places]
        found: list[PolicyMention] = []
        for pattern, policy in self._named:
            found += [PolicyMention(m.start(), m.end(), (policy,)) for m in pattern.finditer(text)]
        for match in self._year.finditer(text):
            year = 2000 + int(match[1] or match[2] or match[3])
            policies = self._book.of_year(year, near)
            if policies:
                found.append(PolicyMention(match.start(), match.end(), policies))
        found += self._by_age(text, near)
        found += self._by_place(text, places)
        found += self._by_place_and_year(text, places)
        return sorted(found, key=lambda mention: mention.start)

    def _by_place(self, text: str, places: list[PlaceMention]) -> list[PolicyMention]:
        """长乐那份意见: the policies whose own place is named right before a word for a text."""
        found: list[PolicyMention] = []
        for mention in places:
            match = self._document.match(text, mention.end)
            if match is None:
                continue
            policies = self._at_home(mention)
            start = mention.start
            year = _YEAR_BEFORE.search(text[:start])
            if year:  # 2021年台州的政策: the year is that of the text, and of nothing else
                policies = tuple(p for p in policies if p in self._book.of_year(2000 + int(year[1])))
                start = year.start()
            if policies:
                found.append(PolicyMention(start, match.end(), policies))
        return found

    def _by_place_and_year(self, text: str, places: list[PlaceMention]) -> list[PolicyMention]:
        """台州2021各多少, 2017台州给: a year beside the place of a text of that year, unless something was obtained in it."""
        found: list[PolicyMention] = []
        for mention in places:
            after = _YEAR_AFTER.match(text, mention.end)
            before = _YEAR_BEFORE.search(text[: mention.start])
            match = after or before
            if match is None:
                continue
            end = after.end() if after else mention.end
            if has(text[end : end + _NEXT_WORDS], words().obtain):
                continue
            start = mention.start if after else before.start() if before else mention.start
            policies = tuple(p for p in self._at_home(mention) if p in self._book.of_year(2000 + int(match[1])))
            if policies:
                found.append(PolicyMention(start, end, policies))
        return found

    def _at_home(self, mention: PlaceMention) -> tuple[str, ...]:
        """Policies whose own place is named."""
        return tuple(
            rules.policy
            for rules in self._book.policies.values()
            if any(rules.home == place for place in mention.places)
        )

    def _by_age(self, text: str, places: list[Place]) -> list[PolicyMention]:
        """新政策, 老版: the latest and earliest of the places that have more than one version."""
        versions = sorted(
            (r for r in self._book.policies.values() if _has_versions(self._book, r.policy)),
            key=lambda r: str(r.in_force.first_day),
        )
        versions = [
            r for r in versions if not places or any(t.place.may_be(place) for t in r.territories for place in places)
        ]
        found: list[PolicyMention] = []
        both = find(text, words().both_ages)
        if versions and both:
            return [PolicyMention(*both, tuple(rules.policy for rules in versions))]
        if versions:
            for names, rules in ((words().oldest, versions[0]), (words().newest, versions[-1])):
                span = find(text, names)
                if span:
                    found.append(PolicyMention(*span, (rules.policy,)))
        return found


def _has_versions(book: RuleBook, policy: str) -> bool:
    """Whether a policy repeals another of the collection or is repealed by one."""
    pairs = [(rules.policy, repeal.policy) for rules in book.policies.values() for repeal in rules.repeals]
    return any(policy in pair for pair in pairs)


def _with_brackets(word: str) -> re.Pattern[str]:
    """A name or number with or without the brackets of a document number: 台政发2021 4号, 台政发〔2021〕4号, 2021年4号."""
    return re.compile(r"[〔〕\[\]()【】年第]?".join(map(re.escape, word)))
