"""Classes that have some columns of a record: their records say nothing of the others."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from connectors.record import Record

R = TypeVar("R", bound=Record)

_field: Any = msgspec.field
_WHOLE: dict[type[Record], type[Record]] = {}


def projection(record: type[R], columns: frozenset[str], texts: frozenset[str] = frozenset()) -> type[R]:
    """A class with those columns of a record, and those that it always has; `texts` of them stay texts.

    What is read of any other is an AttributeError.
    """
    assert record.always is not None  # noqa: S101 - others are read whole
    wanted = columns | record.always | {"client_number"}  # without it the policy would show it to anybody
    wanted -= {*Record.__struct_fields__}
    part: Any = msgspec.defstruct(
        f"{record.__name__}Part",
        [
            (
                each.name,
                str if each.name in texts else each.type,
                _field(name=each.encode_name, default=each.default, default_factory=each.default_factory),
            )
            for each in msgspec.structs.fields(record)
            if each.name in wanted
        ],
        bases=(Record,),
        module=__name__,
        frozen=True,
        kw_only=True,
        gc=False,
    )
    _WHOLE[part] = record
    made: type[R] = part
    return made


def record_class(record: Record) -> type[Record]:
    """The class of a record, also where only a part of it was read."""
    cls = type(record)
    return _WHOLE.get(cls, cls)


def certain(cls: type) -> Mapping[str, frozenset[type]]:
    """Attributes whose values are of these very classes, since only a decoder makes records of such a class;
    nothing of any other class."""
    if cls not in _WHOLE:
        return {}
    found = {}
    for each in msgspec.structs.fields(cls):
        kinds = get_args(each.type) if get_origin(each.type) in (Union, UnionType) else (each.type,)
        default = each.default is msgspec.NODEFAULT or type(each.default) in kinds
        if default and all(isinstance(kind, type) for kind in kinds):
            found[each.name] = frozenset(kinds)
    return found
