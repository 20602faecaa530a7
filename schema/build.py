"""The built schema."""

from typing import cast

import strawberry
from graphql import GraphQLInputObjectType
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition

from schema.asset import Equipment, Vehicle
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.service_requests import TYPES
from schema.subscription import Subscription
from schema.user_error import ERRORS


class Schema(strawberry.Schema):
    """Strawberry's schema, less its default logging of whole queries: the gateway logs errors itself."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        """Nothing: see `gateway.graphql`."""


def build() -> Schema:
    """The schema with all its types."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Vehicle, Equipment, *TYPES, *ERRORS],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    for made in schema.schema_converter.type_map.values():
        if isinstance(made.definition, StrawberryObjectDefinition) and made.definition.is_one_of:
            # Strawberry checks it by itself, where neither variable nor field is known, and doesn't tell it.
            cast("GraphQLInputObjectType", made.implementation).is_one_of = True
    return schema
