"""Objects with a global id, and where they come from."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from connectors.projection import record_class
from connectors.record import Record
from execution.reading import of_its_type
from resolvers import nodes
from schema.fields import ALWAYS, Info, described, identified

CONCRETE: dict[type[Record], Callable[[Any], str]] = {}
"""Of records whose GraphQL type is an interface: which type of it a record is."""


@strawberry.interface(description="An object that can be found again by its id.")
class Node:
    id: strawberry.ID = identified(nodes.global_id, "Opaque id, unique in the whole graph.")

    @classmethod
    def resolve_type(cls, record: Record, _info: GraphQLResolveInfo[Any], _type: GraphQLAbstractType) -> str:
        """The GraphQL type of a record."""
        kind = record_class(record)
        concrete = CONCRETE.get(kind)
        return concrete(record) if concrete else nodes.TYPE_NAMES[kind]

    is_type_of: ClassVar[Any] = classmethod(of_its_type)  # a field's own type already says what its record is


@strawberry.type(description="Where an object comes from, and as of when it holds.")
class Source:
    system: str = described("Name of the back-office system.")
    external_id: str = described("The object's id in that system.")
    as_of: datetime = described("The moment at which the system says that this holds.")


def sourced(part: str) -> Any:
    """The `source` field of an object of a part of the back office: a field of `BackOffice`."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        system: str = getattr(info.context.backoffice, part).system
        return Source(system=system, external_id=nodes.local_id(root), as_of=root.as_of)

    return strawberry.field(
        resolver=resolve, description="Where the object comes from, and as of when.", metadata=ALWAYS
    )
