"""The schema guide's rules, checked over the built schema: each failure says what to do."""

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_specified_scalar_type,
)

from connectors.record import Code
from tests.harness.crawl import SCHEMA

PASCAL_CASE = re.compile(r"[A-Z][A-Za-z0-9]*")
CAMEL_CASE = re.compile(r"[a-z][A-Za-z0-9]*")
UPPER_CASE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
MODELS = ("Client", "Contract", "Invoice", "Schedule", "Document")
FOREIGN_IDS = {"Source.externalId": "the object's own id in its system, not a reference"}

Composite = GraphQLObjectType | GraphQLInterfaceType
Anything = GraphQLField | GraphQLArgument | GraphQLInputField

TYPES: list[GraphQLNamedType] = [
    named
    for name, named in sorted(SCHEMA.type_map.items())
    if not name.startswith("__") and not is_specified_scalar_type(named)
]
ENUMS = [named for named in TYPES if isinstance(named, GraphQLEnumType)]
FIELDS: dict[str, tuple[Composite, str, GraphQLField]] = {
    f"{named.name}.{name}": (named, name, field)
    for named in TYPES
    if isinstance(named, Composite)
    for name, field in named.fields.items()
}
ARGUMENTS: dict[str, tuple[str, GraphQLArgument | GraphQLInputField]] = {
    f"{where}({name}:)": (name, argument)
    for where, (_, _, field) in FIELDS.items()
    for name, argument in field.args.items()
} | {
    f"{named.name}.{name}": (name, field)
    for named in TYPES
    if isinstance(named, GraphQLInputObjectType)
    for name, field in named.fields.items()
}


def told(broken: Iterator[str]) -> None:
    """Fails with every breach at once."""
    found = list(broken)
    assert not found, "\n" + "\n".join(found)


def nullable(of: Any) -> Any:
    """A type without its `!`."""
    return of.of_type if isinstance(of, GraphQLNonNull) else of


def is_awaited(field: GraphQLField) -> bool:
    """Whether a field asks a back office: its resolver in Strawberry's definition is a coroutine function."""
    definition = field.extensions["strawberry-definition"]
    resolver = definition.base_resolver
    return resolver is not None and inspect.iscoroutinefunction(resolver.wrapped_func)


def python_enum(named: GraphQLEnumType) -> type[Enum]:
    """The Python class of a GraphQL enum."""
    cls: type[Enum] = named.extensions["strawberry-definition"].wrapped_cls
    return cls


def test_types_are_in_pascal_case_without_a_suffix() -> None:
    def broken() -> Iterator[str]:
        for named in TYPES:
            if not PASCAL_CASE.fullmatch(named.name):
                yield f"{named.name}: name the type in PascalCase."
            if named.name.endswith(("Type", "Enum")):
                yield f"{named.name}: leave out the suffix; a reader sees that it is a type."

    told(broken())


def test_fields_and_arguments_are_in_camel_case() -> None:
    def broken() -> Iterator[str]:
        for where, name in [(w, n) for w, (_, n, _) in FIELDS.items()] + [
            (w, n) for w, (n, _) in ARGUMENTS.items()
        ]:
            if not CAMEL_CASE.fullmatch(name):
                yield f"{where}: name it in camelCase."
            if re.match(r"get([A-Z]|$)", name):
                yield f"{where}: name what it is, without `get`."

    told(broken())


def test_enum_values_are_in_upper_case() -> None:
    told(
        f"{named.name}.{value}: name the value in UPPER_CASE."
        for named in ENUMS
        for value in named.values
        if not UPPER_CASE.fullmatch(value)
    )


def test_no_field_repeats_the_name_of_its_type() -> None:
    told(
        f"{where}: the type's name is said already; leave it out of the field's."
        for where, (named, name, _) in FIELDS.items()
        if re.match(rf"{named.name[0].lower()}{named.name[1:]}([A-Z]|$)", name)
    )


def test_everything_has_a_description() -> None:
    def described() -> Iterator[tuple[str, str | None]]:
        for named in TYPES:
            yield named.name, named.description
        for where, (_, _, field) in FIELDS.items():
            yield where, field.description
        for where, (_, argument) in ARGUMENTS.items():
            yield where, argument.description
        for named in ENUMS:
            for name, value in named.values.items():
                yield f"{named.name}.{name}", value.description

    told(
        f"{where}: say in its description what it is to the business, with unit, limits and time zone."
        for where, description in described()
        if not (description or "").strip()
    )


def test_booleans_say_what_they_indicate() -> None:
    everything: list[tuple[str, Anything]] = [(where, field) for where, (_, _, field) in FIELDS.items()]
    everything += [(where, argument) for where, (_, argument) in ARGUMENTS.items()]
    told(
        f'{where}: begin the description with "Indicates whether".'
        for where, each in everything
        if get_named_type(each.type).name == "Boolean"
        and not (each.description or "").startswith("Indicates whether ")
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_models_are_nodes(name: str) -> None:
    named = SCHEMA.type_map[name]
    assert isinstance(named, GraphQLObjectType)
    assert [each.name for each in named.interfaces] == ["Node"], f"{name}: let the class inherit `Node`."


def test_what_has_an_id_is_a_node() -> None:
    def broken() -> Iterator[str]:
        for where, (named, name, field) in FIELDS.items():
            is_id = get_named_type(field.type).name == "ID"
            if is_id and name != "id":
                yield f"{where}: only `id` is an ID; a human key such as `number` is a String."
            if name != "id" or named.name == "Node":
                continue
            if not is_id or "Node" not in [each.name for each in named.interfaces]:
                yield f"{where}: what is addressable implements `Node`; inherit `id` from it."

    told(broken())


def test_references_are_objects() -> None:
    told(
        f"{where}: refer to the object itself (`client`, not `clientId`); it has an `id`."
        for where, (_, name, _) in FIELDS.items()
        if re.search(r"Ids?$", name) and where not in FOREIGN_IDS
    )


def test_root_fields_are_nullable() -> None:
    told(
        f"{where}: make it nullable: one null must not cost the other root fields."
        for where, (named, _, field) in FIELDS.items()
        if named in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
        and isinstance(field.type, GraphQLNonNull)
    )


def test_what_another_call_answers_is_nullable() -> None:
    """Rule 6: nullability follows the seams between systems."""
    told(
        f"{where}: another call answers it, which may fail; annotate it `… | None`."
        for where, (_, _, field) in FIELDS.items()
        if is_awaited(field) and isinstance(field.type, GraphQLNonNull)
    )


def test_some_fields_are_awaited_and_some_are_not() -> None:
    """Else the rule above would check nothing."""
    for where in ("Invoice.allocations", "Client.invoices", "InvoiceConnection.totalCount", "Query.node"):
        assert is_awaited(FIELDS[where][2]), where
    for where in ("Invoice.amountDue", "Invoice.number", "Invoice.source", "Query.viewer"):
        assert not is_awaited(FIELDS[where][2]), where


def test_lists() -> None:
    """Records may be null, each with its own error (docs/adr); values that came with their parent are not."""

    def broken() -> Iterator[str]:
        for where, (named, name, field) in FIELDS.items():
            plain = nullable(field.type)
            if not isinstance(plain, GraphQLList):
                continue
            records = is_awaited(field) or (named.name.endswith("Connection") and name == "nodes")
            if records == isinstance(plain.of_type, GraphQLNonNull):
                shape = (
                    "`list[X | None]`: a malformed record is its own error and costs no neighbour"
                    if records
                    else "`list[X]`: its items came with their parent"
                )
                yield f"{where}: annotate it {shape}."
        for where, (_, argument) in ARGUMENTS.items():
            plain = nullable(argument.type)
            if isinstance(plain, GraphQLList) and not isinstance(plain.of_type, GraphQLNonNull):
                yield f"{where}: annotate it `list[X]`: nobody means null in a list that is given."

    told(broken())


def connections() -> dict[str, GraphQLField]:
    """Fields that answer with a connection."""
    return {
        where: field
        for where, (_, _, field) in FIELDS.items()
        if get_named_type(field.type).name.endswith("Connection")
    }


def test_connections_are_paged() -> None:
    def broken() -> Iterator[str]:
        for where, field in connections().items():
            for name, shape in (("first", "Int"), ("after", "String")):
                argument = field.args.get(name)
                if argument is None or str(argument.type) != shape:
                    yield f"{where}: needs the argument `{name}: {shape}`; use schema.connection's."
            first = field.args.get("first")
            if first is None:
                continue
            if first.default_value not in (None, 20):
                yield f"{where}: `first` defaults to 20."
            if not {"1", "100", "20"} <= set(re.findall(r"\d+", first.description or "")):
                yield f"{where}: describe `first` with its limits, 1 to 100, and its default, 20."
        for where, (_, _, field) in FIELDS.items():
            if {"first", "after"} & set(field.args) and where not in connections():
                yield f"{where}: what is paged is a connection."

    told(broken())
    assert connections()


def test_connections_have_relays_shape() -> None:
    def broken() -> Iterator[str]:
        for named in TYPES:
            if not named.name.endswith("Connection") or not isinstance(named, GraphQLObjectType):
                continue
            item = named.name.removesuffix("Connection")
            expected = {
                "nodes": f"[{item}]!",
                "edges": f"[{item}Edge!]!",
                "pageInfo": "PageInfo!",
                "totalCount": "Int",
            }
            for name, shape in expected.items():
                if name not in named.fields or str(named.fields[name].type) != shape:
                    yield f"{named.name}: needs `{name}: {shape}`; declare it as `Connection[{item}]`."
            edge = SCHEMA.type_map.get(f"{item}Edge")
            if not isinstance(edge, GraphQLObjectType):
                continue
            if {name: str(field.type) for name, field in edge.fields.items()} != {
                "cursor": "String!",
                "node": item,
            }:
                yield f"{edge.name}: needs `cursor: String!` and `node: {item}`."

    told(broken())


def test_scalars_say_which_standard_they_follow() -> None:
    told(
        f"{named.name}: give the scalar a `specified_by_url`."
        for named in TYPES
        if isinstance(named, GraphQLScalarType) and not (named.specified_by_url or "").startswith("https://")
    )


def test_nothing_is_a_float() -> None:
    everything: list[tuple[str, Anything]] = [(where, field) for where, (_, _, field) in FIELDS.items()]
    everything += [(where, argument) for where, (_, argument) in ARGUMENTS.items()]
    told(
        f"{where}: use `Decimal` or `Money`; a float loses grosze."
        for where, each in everything
        if get_named_type(each.type).name == "Float"
    )


@pytest.mark.parametrize("named", ENUMS, ids=str)
def test_an_unknown_code_is_read_as_unknown(named: GraphQLEnumType) -> None:
    cls = python_enum(named)
    if issubclass(cls, Code):
        assert "UNKNOWN" in cls.__members__, (
            f"{cls.__name__}: a back office may invent codes; give it the value UNKNOWN."
        )
    if "UNKNOWN" in cls.__members__:
        read: Callable[[str], Enum] = cls
        assert read("INVENTED_TOMORROW") is cls["UNKNOWN"], (
            f"{cls.__name__}: derive it from connectors.record.Code, so that a new code reads as UNKNOWN."
        )
    assert set(named.values) == set(cls.__members__), f"{named.name}: show every value of {cls.__name__}."


def test_every_code_can_be_unknown() -> None:
    """Codes that the graph does not show are decoded too."""
    told(
        f"{cls.__module__}.{cls.__name__}: a back office may invent codes; give it the value UNKNOWN."
        for cls in Code.__subclasses__()
        if "UNKNOWN" not in cls.__members__
    )


def test_deprecations_tell_when_it_ends() -> None:
    deprecated = [(where, field.deprecation_reason) for where, (_, _, field) in FIELDS.items()]
    deprecated += [(where, argument.deprecation_reason) for where, (_, argument) in ARGUMENTS.items()]
    deprecated += [
        (f"{named.name}.{name}", value.deprecation_reason)
        for named in ENUMS
        for name, value in named.values.items()
    ]
    told(
        f"{where}: say in the reason what to use instead and the day of its removal, YYYY-MM-DD."
        for where, reason in deprecated
        if reason is not None and not re.search(r"\b\d{4}-\d{2}-\d{2}\b", reason)
    )


def test_mutations_take_one_input_and_answer_with_errors_as_data() -> None:
    def broken() -> Iterator[str]:
        for name, field in SCHEMA.mutation_type.fields.items() if SCHEMA.mutation_type else ():
            argument = field.args.get("input")
            if set(field.args) != {"input"} or not isinstance(
                get_named_type(argument.type) if argument else None, GraphQLInputObjectType
            ):
                yield f"Mutation.{name}: take one argument, `input`, of an input type."
            payload = get_named_type(field.type)
            if not isinstance(payload, GraphQLObjectType) or "errors" not in payload.fields:
                yield f"Mutation.{name}: answer with a payload that has `errors`."
                continue
            for part, of in payload.fields.items():
                is_list = isinstance(nullable(of.type), GraphQLList)
                if part == "errors" and not re.fullmatch(r"\[\w+!\]!", str(of.type)):
                    yield f"{payload.name}.errors: is `[…!]!`: empty when all went well."
                if part != "errors" and not is_list and isinstance(of.type, GraphQLNonNull):
                    yield f"{payload.name}.{part}: make it nullable: there is none when there are errors."

    told(broken())
