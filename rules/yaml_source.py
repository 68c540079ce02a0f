"""YAML that remembers where each value stands, so that an error can name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from rules.errors import RuleFileError

# The C loader is some ten times as fast; a build of PyYAML without libyaml has only the other.
_Base: type[yaml.SafeLoader] = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Loader(_Base):
    """Leaves dates as text: a date that the calendar lacks is then an error of its field, with its line."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }


_M = TypeVar("_M", bound=BaseModel)


def load_model(path: Path, model: type[_M]) -> _M:
    """Reads a YAML file into a typed model.

    Args:
        path: The file, UTF-8.
        model: The pydantic model of its top level.

    Returns:
        The validated model.

    Raises:
        RuleFileError: the file cannot be read, is not YAML, has a key twice, or a field is not
            what the model allows; the message names file, line, field, value and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileError(path, 1, f"cannot be read as UTF-8 text: {error}") from error
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise RuleFileError(path, 1, "is empty; a mapping is expected")
            _refuse_duplicate_keys(node, path)
            data: object = loader.construct_document(node)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        finally:
            loader.dispose()  # pyright: ignore[reportUnknownMemberType]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleFileError(path, (mark.line + 1) if mark else 1, f"is not valid YAML: {error}") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(part for part in first["loc"] if part not in ("fixed", "per_unit", "share", "no_figure"))
        field = ".".join(str(part) for part in where) or "the file"
        shown = repr(first["input"])
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        raise RuleFileError(path, _line_of(node, where), f"{field}: {shown} — {first['msg']}") from error


def _refuse_duplicate_keys(node: yaml.Node, path: Path, seen: set[int] | None = None) -> None:
    seen = set() if seen is None else seen
    if id(node) in seen:  # an anchor that is used again
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in keys:
                raise RuleFileError(path, key.start_mark.line + 1, f"key “{name}” stands twice in one mapping")
            keys.add(name)
            _refuse_duplicate_keys(value, path, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_duplicate_keys(item, path, seen)


def _line(node: yaml.Node | None) -> int:
    mark = node.start_mark if node is not None else None
    return mark.line + 1 if mark is not None else 1


def _line_of(node: yaml.Node, where: tuple[int | str, ...]) -> int:
    """Line of the innermost value of a path that the file holds, counted from 1."""
    line = _line(node)
    for part in where:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, found = _line(key), value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = _line(found)
        if found is None:
            return line
        node = found
    return line
