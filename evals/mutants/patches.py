"""Ways to put a fault into the program by replacing one of its parts.

A part that is no longer called what it is called here makes the fault fail at once (``patch.object`` does).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any
from unittest.mock import patch

from assistant.pipeline import Assistant
from rules import judgement

Function = Callable[..., Any]
Patch = Callable[[], AbstractContextManager[object]]
"""Puts a fault in for as long as the context lasts."""


def instead(owner: object, name: str, new: Function) -> Patch:
    """Another function under a name."""
    return lambda: patch.object(owner, name, new)


def valued(owner: object, name: str, value: object) -> Patch:
    """Another value under a name."""
    return lambda: patch.object(owner, name, value)


def wrapped(owner: object, name: str, change: Callable[[Function], Function]) -> Patch:
    """What ``change`` makes of the part of that name."""
    return lambda: patch.object(owner, name, change(getattr(owner, name)))


def together(*patches: Patch) -> Patch:
    """Several at once, as one slip in a part that is used in several places."""

    @contextmanager
    def all_of_them() -> Generator[None]:
        with ExitStack() as stack:
            for one in patches:
                stack.enter_context(one())
            yield

    return all_of_them


def in_every_module(package: ModuleType, name: str, new: Function) -> Patch:
    """Another function under a name in each module of a package that has taken it over.

    Raises:
        AttributeError: when put in, where none has.
    """

    def put_in() -> AbstractContextManager[object]:
        found = [import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)]
        having = [module for module in found if name in vars(module)]
        if not having:
            raise AttributeError(f"no module of {package.__name__} has {name}")
        return together(*(instead(module, name, new) for module in having))()

    return put_in


def no(*_: object, **__: object) -> Any:
    """Does nothing and finds nothing."""
    return None


def claim_with(owner: object, name: str, **changed: object) -> Patch:
    """The claim, the last that a part is given, says something else."""

    def change(original: Function) -> Function:
        def faulty(*given: Any) -> Any:
            return original(*given[:-1], given[-1].model_copy(update=changed))

        return faulty

    return wrapped(owner, name, change)


def award_without(condition: str) -> Patch:
    """A condition of an award is not examined."""

    def change(original: Function) -> Function:
        def faulty(book: Any, provision: Any, award: Any, applicant: Any, claim: Any) -> Any:
            return original(book, provision, award.model_copy(update={condition: None}), applicant, claim)

        return faulty

    return wrapped(judgement, "_examine", change)


def answer_with(change: Callable[[Any], dict[str, object]], *, gate: bool = True) -> Patch:
    """Every answer changed on its way out, behind the gate or in place of it."""

    def wrap(original: Function) -> Function:
        def faulty(self: Assistant, made: Any) -> Any:
            turn, answer = original(self, made) if gate else made
            return turn, answer.model_copy(update=change(answer))

        return faulty

    return wrapped(Assistant, "_gate", wrap)
