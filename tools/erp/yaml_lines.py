"""YAML that remembers its lines, so that an error in a document can name the line.

Plain YAML loaders forget where a value stood and let a repeated key win silently; both make a
wrong mapping hard to mend. They also turn `no` into False, `0012` into 10 and `1.10` into 1.1; here
a scalar is text unless it is null, true, false or a whole number written the plain way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from leadline.errors import MappingError

if TYPE_CHECKING:
    import yaml

Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of the document to a value."""


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a YAML document and the line (from 1) of each of its values."""

    name: str
    data: Any
    lines: dict[Path, int]

    def where(self, path: Path) -> str:
        """`name:line` of the value at `path`, or of the nearest value above it that is there.

        Steps that the document does not have (pydantic puts some of its own in) are passed over.
        """
        found: Path = ()
        for step in path:
            if (*found, step) in self.lines:
                found = (*found, step)
        return f"{self.name}:{self.lines.get(found, 1)}"


def read_yaml(text: str, name: str) -> Document:
    """Parse one document; keys must be scalars, and none may come twice.

    Raises:
        MappingError: not YAML, several documents, or a repeated key; names the line.
    """
    import yaml

    loader = yaml.CSafeLoader(text) if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader(text)
    lines: dict[Path, int] = {}
    try:
        root = loader.get_single_node()
        data = None if root is None else _build(root, (), lines, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise MappingError(
            f"not valid YAML: {error.problem or error.context}",
            where=f"{name}:{line}",
            hint="check indentation, colons and quotes near this line",
        ) from error
    except yaml.YAMLError as error:
        raise MappingError(f"not valid YAML: {error}", where=f"{name}:1") from error
    finally:
        loader.dispose()
    return Document(name, data, lines)


def _build(node: yaml.Node, path: Path, lines: dict[Path, int], name: str) -> Any:
    import yaml

    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise MappingError("a key must be plain text", where=f"{name}:{line}")
            key = str(key_node.value)
            if key in built:
                first = lines[(*path, key)]
                raise MappingError(
                    f"{key!r} stands here and already at line {first}",
                    where=f"{name}:{line}",
                    hint="remove or rename one of the two",
                )
            lines[(*path, key)] = line
            built[key] = _build(value_node, (*path, key), lines, name)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), lines, name) for index, item in enumerate(node.value)]
    return _scalar(str(node.value), str(node.tag))


def _scalar(text: str, tag: str) -> str | int | bool | None:
    kind = tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "int" and text.lstrip("-").isdecimal() and str(int(text)) == text:
        return int(text)
    return text
