"""How a kind of service request is declared: its type, its input, its mutation."""

from decimal import Decimal
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
import strawberry

from connectors.erp.requests.shared import PaperDelivery, PaperLanguage
from resolvers.service_requests.case import Kind
from resolvers.service_requests.reading import details_of
from resolvers.service_requests.submission import submit
from schema.connection import ABSENT
from schema.fields import Info, argument, described, enum
from schema.scalars import CurrencyCode
from schema.user_error import UserError

T = TypeVar("T")

enum(
    PaperDelivery,
    "How a paper reaches the client.",
    {
        "EMAIL": "By mail to the e-invoice address.",
        "POST": "By letter to the correspondence address.",
        "PORTAL": "Among the request's result documents only.",
    },
)
enum(PaperLanguage, "The language of a paper.", {"PL": "Polish.", "EN": "English.", "DE": "German."})


@strawberry.input(description="An amount of money in one currency.")
class MoneyInput:
    amount: Decimal = strawberry.field(description="The amount, with the currency's minor units.")
    currency: CurrencyCode = strawberry.field(description="The currency of the amount.")


@strawberry.input
class Terms:
    """What every submission has; `input` classes inherit it."""

    idempotency_key: str = strawberry.field(
        description="Made anew for each request, 8 to 64 of A-Z a-z 0-9 -, such as a UUID: "
        "the same key with the same input again gives the same request."
    )
    accepted_fee: MoneyInput = strawberry.field(description="The gross fee that the user saw and accepted.")
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=ABSENT,
        description="Ids of files that the user uploaded for the client (`POST /uploads`), at most 10.",
    )


@strawberry.type(description="What came of a submission.")
class SubmitPayload(Generic[T]):
    service_request: T | None = described("The request; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the request was made.")


class Entry(NamedTuple):
    """A kind of request in the graph: `text` is what can be asked for, `submit` the field of Mutation."""

    kind: Kind
    text: str
    type: Any
    submit: Any


def entry(kind: Kind, text: str, cls: Any, input_type: Any) -> Entry:
    """A kind with its mutation, which takes `input_type` and answers with `cls`."""

    async def resolve(info: Info, input: Any) -> Any:
        return await submit(info.context, kind, input)

    resolve.__annotations__["input"] = Annotated[
        input_type, argument("What is asked for, and on which terms.")
    ]
    field = strawberry.mutation(
        resolver=resolve, description=f"Submits: {text}", graphql_type=SubmitPayload[cls] | None
    )
    return Entry(kind, text, cls, field)


def detail(details: type[msgspec.Struct], attribute: str, description: str, name: str | None = None) -> Any:
    """A field that reads an attribute of a request's details."""

    def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return getattr(details_of(info.context, root, details), attribute)

    return strawberry.field(resolver=resolve, name=name, description=description)
