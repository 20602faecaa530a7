"""Rows of answers that msgspec writes: a quarter of a dict's memory, and sooner made and written."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec


class Row(msgspec.Struct):
    """The answer of one object, by response keys; msgspec writes it as it would write a dict."""

    def __getitem__(self, key: str) -> Any:
        return getattr(self, attribute(self.__struct_encode_fields__.index(key)))

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, attribute(self.__struct_encode_fields__.index(key)), value)


AnyRow: TypeAlias = dict[str, Any] | Row


@lru_cache(maxsize=256)
def row_class(keys: tuple[str, ...]) -> type[Row]:
    """The class of rows with these keys; it takes their values in this order."""
    names = [attribute(index) for index in range(len(keys))]
    rename = dict(zip(names, keys, strict=True))
    made: Any = msgspec.defstruct("Row", [(name, Any) for name in names], bases=(Row,), rename=rename)
    cls: type[Row] = made
    return cls


def row_expression(parts: Mapping[str, str], names: dict[str, Any], *, written: bool) -> str:
    """Python that makes a row of the expressions of its values; `names` takes what it refers to."""
    if not written:
        return f"{{{', '.join(f'{key!r}: {part}' for key, part in parts.items())}}}"
    name = f"row{len(names)}"
    names[name] = row_class(tuple(parts))
    return f"{name}({', '.join(parts.values())})"


def attribute(index: int) -> str:
    """Of the value at this position. Response keys may be anything, Python's own names included."""
    return f"v{index}"
