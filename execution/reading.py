"""How the value of a field is read, decided once for each field of a schema.

A Strawberry field without extensions, permissions and arguments is an attribute, or a function that can be
called straight; one that declares a batch function is asked for a whole level at once. Everything else runs
through its own resolver, as graphql-core would call it.
"""

import keyword
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import strawberry
from graphql import GraphQLField, default_field_resolver
from strawberry.types.field import StrawberryField

BATCH = "execution.batch"
"""Key of a Strawberry field's `metadata`: its batch function."""

EMBEDDED = "execution.embedded"
"""Key of a Strawberry field's `metadata`: its object is made of attributes of the parent, and these are they.

A mapping from attributes of the object to attributes that all its parents have. The object is null
where the first of these is; the field's resolver must say the same.
"""

COMPUTED = "execution.computed"
"""Key of a Strawberry field's `metadata`: a function and names of attributes. The value is what the function
says of their values; the field's resolver must say the same.
"""

CONTEXT = "execution.context"
"""Key of a Strawberry field's `metadata`: a function. The value is what it says of the operation's context,
whichever the object; the field's resolver must say the same.
"""

READS = "execution.reads"
"""Key of a Strawberry field's `metadata`: the attributes of its object that its resolver reads.

Who declares it says, too, that the resolver reads nothing of other objects that may be there in part only.
"""

DEFINITION = "strawberry-definition"

Batch = Callable[..., Awaitable[Sequence[Any]]]
"""`batch(context, sources, **arguments)`: the values of one field for all objects of a level, in their order.

Arguments have their Python names, as the field's own resolver gets them. An exception among the results is
the error of its own object; one that is raised is everybody's.
"""


def of_its_type(_cls: type, _value: Any, _info: Any) -> bool:
    """For a Strawberry type whose sources are always right: `is_type_of = classmethod(of_its_type)`.

    Strawberry would ask whether they are instances of the type.
    """
    return True


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value is an attribute of the object."""

    name: str


@dataclass(frozen=True, slots=True)
class Direct:
    """The value is what a function says of the object.

    The function may be called with the object (`positional`, or by the names of `by_name`) and, by the name
    `info`, with Strawberry's info; or with the values of `attributes` alone, or `of_context` with that alone.
    `is_async`: it answers with an awaitable. `embedded`: see EMBEDDED.
    """

    function: Callable[..., Any]
    positional: bool
    by_name: tuple[str, ...]
    info: str | None
    is_async: bool
    field: StrawberryField
    embedded: Mapping[str, str] | None
    attributes: tuple[str, ...] | None = None
    of_context: bool = False


@dataclass(frozen=True, slots=True)
class Batched:
    """The values of a level are what a batch function says."""

    function: Batch
    field: StrawberryField


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value is what the resolver says, called like graphql-core does."""

    function: Callable[..., Any]


Reading = Attribute | Direct | Batched | Resolved


def reading_of(definition: GraphQLField, owner: strawberry.Schema | None) -> Reading:
    """How a field is read; `owner` is the Strawberry schema that it belongs to, if any."""
    field = definition.extensions.get(DEFINITION)
    resolved = Resolved(definition.resolve or default_field_resolver)
    if (
        owner is None
        or not isinstance(field, StrawberryField)
        or type(field).get_result is not StrawberryField.get_result
        or field.extensions
        or owner.exception_handlers
    ):
        return resolved
    resolver = field.base_resolver
    if resolver is None:
        plain = field.python_name.isidentifier() and not keyword.iskeyword(field.python_name)
        return Attribute(field.python_name) if field.default_resolver is getattr and plain else resolved
    batch = field.metadata.get(BATCH)
    if batch is not None:
        return Batched(batch, field)
    if definition.args:
        return resolved
    computed = field.metadata.get(COMPUTED)
    if computed is not None:
        function, attributes = computed
        return Direct(function, False, (), None, False, field, None, attributes)
    of_context = field.metadata.get(CONTEXT)
    if of_context is not None:
        return Direct(of_context, False, (), None, False, field, None, of_context=True)
    named = [each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each is not None]
    return Direct(
        cast("Callable[..., Any]", resolver.wrapped_func),
        positional=resolver.self_parameter is not None,
        by_name=tuple(dict.fromkeys(named)),
        info=resolver.info_parameter.name if resolver.info_parameter else None,
        is_async=bool(field.is_async),
        field=field,
        embedded=field.metadata.get(EMBEDDED),
    )


def reads_of(definition: GraphQLField, owner: strawberry.Schema | None) -> frozenset[str] | None:
    """The attributes of its object that a field reads; None where that is unknown."""
    field = definition.extensions.get(DEFINITION)
    if not isinstance(field, StrawberryField):
        return None
    declared = field.metadata.get(READS)
    if declared is not None:
        return frozenset(declared)
    match reading_of(definition, owner):
        case Attribute(name):
            return frozenset({name})
        case Direct(embedded=Mapping() as embedded):
            return frozenset(embedded.values())
        case Direct(attributes=tuple() as attributes):
            return frozenset(attributes)
    return None
