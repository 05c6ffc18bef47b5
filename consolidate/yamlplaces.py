"""Reads YAML into plain values and remembers in which line and column each of them stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

Value: TypeAlias = "str | bool | list[Value] | dict[str, Value] | None"
Path: TypeAlias = "tuple[int | str, ...]"


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


class Flaw(NamedTuple):
    """Something wrong at one place."""

    place: Place
    path: Path
    message: str


class Span(NamedTuple):
    """Where a value stands in the text."""

    start: int
    end: int
    """Behind it; of a block, behind the last word in it, wherever the comments that follow end."""
    flow: bool
    """Whether it is a list or a mapping within brackets."""


@dataclass(slots=True)
class Document:
    """One YAML document.

    Numbers stay the text that was written, since `20250105_000000` is a number to YAML's
    resolver but a version to its author.
    """

    value: Value = None
    flaws: list[Flaw] = field(default_factory=list)
    """What makes it no proper YAML: bad syntax, keys that occur twice."""
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing at all: there are comments at most."""
        root = self.spans.get((), Span(0, 0, flow=False))
        return not self.flaws and self.value is None and root.start == root.end

    def key(self, path: Path) -> Place:
        """Where a key stands, or the nearest thing around it."""
        return self.keys.get(path) or self.at(path)

    def at(self, path: Path) -> Place:
        """Where a value begins, or the nearest thing around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))


def read(text: str) -> Document:
    """The document; it is empty and has a flaw if the text is not YAML."""
    document = Document()
    try:
        root = _parser().compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        document.flaws.append(Flaw(place, (), str(error.problem)))
    except YAMLError as error:
        document.flaws.append(Flaw(Place(1, 1), (), " ".join(str(error).split())))
    else:
        if root is not None:
            _Reader(document).read(root, ())
    return document


def _parser() -> YAML:
    parser = YAML()
    parser.Composer = _Composer
    return parser


class _Alias(ScalarNode):
    """An alias where it stands, apart from what it stands for, which is its value."""


class _Composer(Composer):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as ruamel has it
        super().__init__(*args, **kwargs)
        self.warn_double_anchors = False  # YAML allows it: an alias means the last one before it

    def compose_node(self, parent: Node | None, index: object) -> Node:
        alias = self.parser.peek_event()
        node: Node = super().compose_node(parent, index)
        if isinstance(alias, AliasEvent):
            node = _Alias(node.tag, node, alias.start_mark, alias.end_mark, anchor=alias.anchor)
        return node


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document

    def read(self, root: Node, path: Path) -> None:
        self._document.value = self._value(root, path)

    def _value(self, node: Node, path: Path) -> Value:
        place = _place(node)
        self._document.values[path] = place
        self._document.spans[path] = _span(node)
        if isinstance(node, _Alias):
            # It may lead back to what holds it, and then there is no end of it.
            self._flaw(place, path, _alias(node))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, n)) for n, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            place = _place(key_node)
            if not isinstance(key_node, ScalarNode) or isinstance(key_node, _Alias):
                self._flaw(place, path, "a key must be a word")
                continue
            key = self._text(key_node, path)
            here = (*path, key)
            if key in result:
                first = self._document.keys[here].line
                self._flaw(place, here, f"the key stands twice, first in line {first}")
                continue
            self._document.keys[here] = place
            result[key] = self._value(value_node, here)
        return result

    def _scalar(self, node: Node, path: Path) -> Value:
        kind = str(node.tag).rpartition(":")[2]
        text = self._text(node, path)
        if kind == "bool":
            return text.lower() == "true"
        return None if kind == "null" else text

    def _text(self, node: Node, path: Path) -> str:
        r"""A text that can be written: an escape such as `\ud800` is half of a character."""
        text = str(node.value)
        whole = text.encode(errors="replace").decode()
        if whole != text:
            self._flaw(_place(node), path, "half of a character (a lone surrogate) is no text")
        return whole

    def _flaw(self, place: Place, path: Path, message: str) -> None:
        self._document.flaws.append(Flaw(place, path, message))


def _alias(node: _Alias) -> str:
    return (
        f"aliases such as *{node.anchor} are not supported: write out what line"
        f" {_place(node.value).line} has"
    )


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _span(node: Node) -> Span:
    end = node
    while isinstance(end, MappingNode | SequenceNode) and end.value and not end.flow_style:
        last = end.value[-1]
        end = last[1] if isinstance(last, tuple) else last
    flow = bool(getattr(node, "flow_style", False))
    return Span(node.start_mark.index, end.end_mark.index, flow)
