"""Which indicators, tasks and departments of the texts a question names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.understanding.folding import fold
from assistant.understanding.sounds import sounds
from assistant.understanding.wordlist import words
from knowledge.facts import Facts, Indicator, Responsibility
from knowledge.model import Policy

F = TypeVar("F", Indicator, Responsibility)

_SHORTEST_IN_PIECES = 4  # letters; each piece has at least two
_PIECES = 3
_LONGEST_GAP = 8  # letters between two pieces
_SHORTEST_BY_SOUND = 3
_NEW = 2  # letters that a name must have for itself beside longer names
_PART = 3  # letters by which a long name is called in short: 马德里
_PART_OF = 0.6  # share of the name that such a part is
_CONTENT = 4  # letters of a task's text by which the task is meant
_CLAUSES = 2  # clauses that may share them
_LONGER = 2  # letters by which the words of another clause are longer than a name
_NUMBERED = re.compile(r"[\d一二三四五六七八九十]）?$")
_LEVEL = re.compile(r"^(?:国家|省|市|县|区)(?=..)")


@dataclass(frozen=True)
class Named(Generic[F]):
    """A fact that a question names."""

    policy: str
    fact: F
    letters: tuple[int, ...]
    """Places of the name in the letters of the question."""


@dataclass(frozen=True)
class _Name(Generic[F]):
    word: str
    fact: F
    sound: tuple[str, ...]


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded: people leave out quotation marks, brackets and commas."""
    return "".join(char for char in fold(text).text if char.isalnum())


class FactRecogniser:
    """Finds the facts that a question names.

    Args:
        facts: Indicators and responsibilities of all texts.
        texts: The official texts by id: words of another clause mean something else.
    """

    def __init__(self, facts: Facts, texts: Mapping[str, Policy]) -> None:
        self._indicators = {
            policy: _names((one, (one.name, *one.aliases)) for one in found)
            for policy, found in facts.indicators.items()
        }
        self._tasks = {
            policy: _names((one, (one.task, *one.aliases)) for one in found)
            for policy, found in facts.responsibilities.items()
        }
        self._facts = facts
        self._clauses = {
            policy: {clause.path: letters_of(text.text_of(clause)) for clause in text.clauses}
            for policy, text in texts.items()
        }
        self._headings = {
            policy: {clause.path: clause.heading for clause in text.clauses} for policy, text in texts.items()
        }

    def indicators(self, question: str, policies: Sequence[str]) -> list[Named[Indicator]]:
        """The indicators of some policies that a question names, each policy's in the order of the question.

        Args:
            question: As typed.
            policies: Where to look; each policy for itself.
        """
        letters = letters_of(question)
        found: list[Named[Indicator]] = []
        for policy in policies:
            names = self._indicators.get(policy, [])
            own = _find(letters, policy, names) or _by_part(letters, policy, names)
            own = [named for named in own if not self._is_elsewhere(letters, named)]
            found += sorted(own, key=lambda named: named.letters[0])
        return found

    def tasks(self, question: str, policies: Sequence[str]) -> list[Named[Responsibility]]:
        """The tasks of some policies that a question names, by their names or by words of their text.

        Args:
            question: As typed.
            policies: Where to look; each policy for itself.
        """
        letters = letters_of(question)
        found: list[Named[Responsibility]] = []
        for policy in policies:
            own = _find(letters, policy, self._tasks.get(policy, []))
            own = [named for named in own if not self._is_elsewhere(letters, named)]
            found += own or self._by_content(letters, policy)
        return found

    def numbered(self, policy: str, number: int) -> list[Named[Responsibility]]:
        """The tasks of the clause that has a number; none where several clauses with tasks have it.

        Args:
            policy: Id of the text.
            number: As in 第9项.
        """
        found = [d for d in self._facts.responsibilities_of(policy) if d.clause.rpartition("/")[2] == str(number)]
        return [Named(policy, duty, ()) for duty in found] if len({duty.clause for duty in found}) == 1 else []

    def departments(self, question: str, policies: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Departments that a question names, each policy's as it prints them.

        Args:
            question: As typed.
            policies: Where to look.
        """
        letters = letters_of(question)
        found: dict[str, tuple[str, ...]] = {}
        for policy in policies:
            duties = self._facts.responsibilities_of(policy)
            printed = dict.fromkeys(name for duty in duties for name in duty.departments)
            calls = {name: max(map(len, _calls(name, letters)), default=0) for name in printed}
            longest = max(calls.values(), default=0)
            if longest:
                found[policy] = tuple(name for name, length in calls.items() if length == longest)
        return found

    def of_department(self, policy: str, departments: Sequence[str]) -> list[Responsibility]:
        """The tasks for which any of some departments answers."""
        return [d for d in self._facts.responsibilities_of(policy) if set(departments) & set(d.departments)]

    def _is_elsewhere(self, letters: str, named: Named[F]) -> bool:
        """Whether the question uses the name as a part of words that stand in other clauses only."""
        first, last = named.letters[0], named.letters[-1] + 1
        if last - first != len(named.letters):
            return False
        texts = self._clauses[named.policy]
        run = _longest(letters, first, last, lambda words_: any(words_ in text for text in texts.values()))
        own = texts.get(named.fact.clause, "")
        return len(run) >= last - first + _LONGER and run not in own

    def _by_content(self, letters: str, policy: str) -> list[Named[Responsibility]]:
        """The tasks in whose clauses the longest words of the question stand, one or two.

        Only a task that is the heading of its clause answers for everything in it. Words of another numbered clause
        speak of something else; those of title and preamble of nothing.
        """
        headings = self._headings[policy]
        texts = {path: text for path, text in self._clauses[policy].items() if _NUMBERED.search(path)}
        duties = {d.clause: d for d in self._facts.responsibilities_of(policy) if headings.get(d.clause) == d.task}
        standing = runs(letters, lambda run: any(run in text for text in texts.values())) if duties else []
        for first, last in sorted(standing, key=lambda run: run[0] - run[1]):
            holding = [path for path, text in texts.items() if letters[first:last] in text]
            charged = [duties[path] for path in holding if path in duties]
            if last - first < _CONTENT or not charged:
                break
            if len(charged) <= _CLAUSES:
                return [Named(policy, duty, tuple(range(first, last))) for duty in charged]
        return []


def _names(named: Iterator[tuple[F, tuple[str, ...]]]) -> list[_Name[F]]:
    """The names of facts as they are compared, with and without what stands in brackets, longest first."""
    found: dict[tuple[str, str], _Name[F]] = {}
    for fact, spellings in named:
        for spelling in spellings:
            plain = fold(spelling).text
            for variant in (plain, re.sub(r"\([^()]*\)", "", plain)):
                word = "".join(char for char in variant if char.isalnum())
                if len(word) > 1:
                    found.setdefault((fact.id, word), _Name(word, fact, sounds(word)))
    return sorted(found.values(), key=lambda name: len(name.word), reverse=True)


def _find(letters: str, policy: str, names: list[_Name[F]]) -> list[Named[F]]:
    """Names as written, then in pieces, then by sound; each must have letters that no longer name has."""
    spoken = sounds(letters)
    found: list[Named[F]] = []
    taken: set[int] = set()
    ends: set[int] = set()
    ways: tuple[Callable[[str, _Name[F]], Iterator[tuple[int, ...]]], ...] = (
        _written,
        _in_pieces,
        lambda _, name: _by_sound(spoken, name),
    )
    for places_of in ways:
        matches = [(name, places) for name in names for places in places_of(letters, name)]
        for length in sorted({len(places) for _, places in matches}, reverse=True):
            level = [(n, p) for n, p in matches if len(p) == length and _has_its_own(p, taken, ends)]
            for name, places in level:
                if all(named.fact.id != name.fact.id for named in found):
                    found.append(Named(policy, name.fact, places))
            taken |= {place for _, places in level for place in places}
            ends |= {places[-1] for _, places in level}
    return found


def _has_its_own(places: tuple[int, ...], taken: set[int], ends: set[int]) -> bool:
    """Whether a name has letters that no longer name has; half of it may be the end of one: 农产品、食品合格率."""
    own = len(set(places) - taken)
    if own == len(places):
        return True
    return own >= _NEW and 2 * own >= len(places) and places[-1] in ends


def _written(letters: str, name: _Name[F]) -> Iterator[tuple[int, ...]]:
    start = letters.find(name.word)
    while start >= 0:
        yield tuple(range(start, start + len(name.word)))
        start = letters.find(name.word, start + 1)


def _by_sound(spoken: tuple[str, ...], name: _Name[F]) -> Iterator[tuple[int, ...]]:
    length = len(name.sound)
    if length >= _SHORTEST_BY_SOUND:
        for start in range(len(spoken) - length + 1):
            if spoken[start] == name.sound[0] and spoken[start : start + length] == name.sound:
                yield tuple(range(start, start + length))


def _in_pieces(letters: str, name: _Name[F]) -> Iterator[tuple[int, ...]]:
    """产品、工程、服务三块质量 names 产品质量: pieces in order, each of two letters or more, little in between."""
    word = name.word
    if len(word) >= _SHORTEST_IN_PIECES and word[:2] in letters and word[-2:] in letters:
        start = letters.find(word[:2])
        while start >= 0:
            places = _pieces(letters, word, start, _PIECES)
            if places and places[-1] - places[0] + 1 > len(word):
                yield places
                return
            start = letters.find(word[:2], start + 1)


def _pieces(letters: str, word: str, at: int, pieces: int) -> tuple[int, ...] | None:
    """Places of a word in pieces, the first of which begins at a letter; the longest possible pieces first."""
    length = 0
    while length < len(word) and letters[at + length : at + length + 1] == word[length]:
        length += 1
    for first in range(length, 1, -1):
        rest = word[first:]
        own = tuple(range(at, at + first))
        if not rest:
            return own
        if len(rest) < 2 or pieces == 1:
            continue
        for gap in range(1, _LONGEST_GAP + 1):
            if letters.startswith(rest[:2], at + first + gap):
                more = _pieces(letters, rest, at + first + gap, pieces - 1)
                if more:
                    return own + more
    return None


def _by_part(letters: str, policy: str, names: list[_Name[F]]) -> list[Named[F]]:
    """The one fact of which the question says a good part of a name, where no other has that part."""
    standing = runs(letters, lambda run: any(run in name.word for name in names))
    first, last = max(standing, key=lambda run: run[1] - run[0], default=(0, 0))
    having = [name for name in names if letters[first:last] in name.word]
    same = {name.fact.id for name in having}
    long_enough = last - first >= max(_PART, _PART_OF * min((len(name.word) for name in having), default=0))
    return [Named(policy, having[0].fact, tuple(range(first, last)))] if len(same) == 1 and long_enough else []


def _calls(department: str, letters: str) -> list[str]:
    """What a department is called by, of what stands in the letters of a question."""
    name = letters_of(department)
    core = _LEVEL.sub("", name)
    groups = [group for group in words().departments if core in group or name in group]
    return [call for call in dict.fromkeys((name, core, *(c for group in groups for c in group))) if call in letters]


def _longest(letters: str, first: int, last: int, stands: Callable[[str], bool]) -> str:
    """The longest words around a stretch of letters of which something holds."""
    while last < len(letters) and stands(letters[first : last + 1]):
        last += 1
    while first > 0 and stands(letters[first - 1 : last]):
        first -= 1
    return letters[first:last]


def runs(letters: str, stands: Callable[[str], bool]) -> list[tuple[int, int]]:
    """The stretches of letters that stand somewhere and are no part of a longer one that does."""
    found: list[tuple[int, int]] = []
    first = last = 0
    while last < len(letters):
        grown = last
        while grown < len(letters) and stands(letters[first : grown + 1]):
            grown += 1
        if grown > max(last, first):
            found.append((first, grown))
        last = max(grown, first + 1)
        first += 1
    return found
