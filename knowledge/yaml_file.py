"""A YAML file that remembers where each value stands, so that an error can name file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.errors import FactsFileError, PolicyTextError
from knowledge.front_matter import read_text

# The C loader is some ten times as fast; a build of PyYAML without libyaml has only the other.
_Loader: type[yaml.SafeLoader] = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))

_M = TypeVar("_M", bound=BaseModel)
Place = tuple[int | str, ...]
"""Keys and positions that lead to a value: ``("indicators", 3, "unit")``."""


class YamlFile:
    """One file, read once.

    Args:
        path: The file, UTF-8.

    Raises:
        FactsFileError: the file cannot be read, is empty, is not YAML, or has a key twice.
    """

    def __init__(self, path: Path) -> None:
        self._name = f"{path.parent.name}/{path.name}"
        try:
            loader = _Loader(read_text(path))
            try:
                node = loader.get_single_node()
                if node is None:
                    raise FactsFileError(f"{self._name}:1: 文件是空的；应写“字段: 值”。")
                self._root: yaml.Node = node
                self._refuse_repeated_keys(node, set())
                self._data: object = loader.construct_document(node)  # pyright: ignore[reportUnknownMemberType]
            finally:
                loader.dispose()  # pyright: ignore[reportUnknownMemberType]
        except PolicyTextError as error:
            raise FactsFileError(str(error)) from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = getattr(error, "problem", None) or str(error)
            raise FactsFileError(f"{self._name}:{line}: 不是合法的 YAML（{problem}）；请检查缩进和引号。") from error

    def as_model(self, model: type[_M], allowed: Mapping[str, str]) -> _M:
        """The whole file, typed.

        Args:
            model: The pydantic model of the top level.
            allowed: What may stand in each field, in Chinese, by the name of the field.

        Raises:
            FactsFileError: a field is unknown, missing or not what the model allows.
        """
        try:
            return model.model_validate(self._data)
        except ValidationError as error:
            # A misspelt field is both unknown and missing; the unknown one is where the reader has to look.
            first = sorted(error.errors(), key=lambda found: found["type"] != "extra_forbidden")[0]
            raise self.error(first["loc"], _problem(first, model, allowed)) from error

    def error(self, where: Place, problem: str) -> FactsFileError:
        """The error that says what is wrong at a place of the file."""
        return FactsFileError(f"{self._name}:{self._line(where)}: {problem}")

    def _line(self, where: Place) -> int:
        """Line of the innermost part of a place that the file holds, counted from 1."""
        node: yaml.Node = self._root
        line = node.start_mark.line
        for part in where:
            inside = _children(node).get(part)
            if inside is None:
                break
            line, node = inside
        return line + 1

    def _refuse_repeated_keys(self, node: yaml.Node, seen: set[int]) -> None:
        # An anchor that is used again is the same node.
        if id(node) in seen:
            return
        seen.add(id(node))
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        for index, key in enumerate(keys):
            if key.value in [before.value for before in keys[:index]]:
                line = key.start_mark.line + 1
                raise FactsFileError(f"{self._name}:{line}: 字段“{key.value}”写了两次；请删去一个。")
        for _, child in _children(node).values():
            self._refuse_repeated_keys(child, seen)


def _children(node: yaml.Node) -> dict[int | str, tuple[int, yaml.Node]]:
    """The parts of a node by key or position, each with the line, counted from 0, on which it starts."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): (key.start_mark.line, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return {index: (value.start_mark.line, value) for index, value in enumerate(node.value)}
    return {}


def _problem(found: ErrorDetails, model: type[BaseModel], allowed: Mapping[str, str]) -> str:
    where = found["loc"]
    if found["type"] == "extra_forbidden":
        known = "、".join(_model_at(model, where[:-1]).model_fields)
        return f"没有“{where[-1]}”这个字段；允许的字段是 {known}。"
    field = next((part for part in reversed(where) if isinstance(part, str)), "")
    what = allowed.get(field, "“字段: 值”")
    if found["type"] == "missing":
        return f"缺少字段“{_dotted(where)}”；应写{what}。"
    shown = repr(found["input"])
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return f"字段“{_dotted(where)}”的值 {shown} 不对；应写{what}。"


def _model_at(model: type[BaseModel], where: Place) -> type[BaseModel]:
    """The model that a place has: fields hold a model, a model or None, or a tuple of models."""
    for part in where:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            inside = [annotation, *get_args(annotation)]
            model = next(item for item in inside if isinstance(item, type) and issubclass(item, BaseModel))
    return model


def _dotted(where: Place) -> str:
    return ".".join(map(str, where)) or "（整个文件）"
