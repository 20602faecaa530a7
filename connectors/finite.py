"""Amounts that are no numbers: to a decoder `"NaN"` and `"Infinity"` are Decimals, but no sum bears them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

may_hold_no_number = re.compile(rb'(?i):\s*"\s*[+-]?(?:s?nan\d*|inf(?:inity)?)\s*"').search
"""Whether an answer is worth a look at every Decimal: a text may say the same."""


class NotFinite(ValueError):
    """Something that should be a number isn't one."""


def check_finite(record: T) -> T:
    """The record. Raises NotFinite, with the path as a decoder writes it, for a Decimal that is no number."""
    for path in _not_finite(record, "$"):
        raise NotFinite(f"Expected a finite number - at `{path}`")
    return record


def _not_finite(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Decimal):
        if not value.is_finite():
            yield path
    elif isinstance(value, msgspec.Struct):
        for name, encoded in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            yield from _not_finite(getattr(value, name), f"{path}.{encoded}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _not_finite(item, f"{path}[...]")
