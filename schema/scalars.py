"""Scalars, each with the standard that it follows."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import ValueNode
from graphql.type.definition import GraphQLScalarLiteralParser, GraphQLScalarValueParser
from graphql.utilities import value_from_ast_untyped
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

CurrencyCode = NewType("CurrencyCode", str)
IBAN = NewType("IBAN", str)
ByteCount = NewType("ByteCount", int)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,8})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def _refuse(scalar: str, shape: str, value: object) -> StrawberryInputCoercionError:
    shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:40] + "…"
    return StrawberryInputCoercionError(f"{scalar} must be {shape}; {shown} is not.")


def _in_document(parse: GraphQLScalarValueParser) -> GraphQLScalarLiteralParser:
    """The same rule for a value written in the document, whose error says where."""

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except StrawberryInputCoercionError as error:
            raise StrawberryInputCoercionError(error.message, node) from None

    return parse_literal


def _parse_date(value: object) -> date:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _refuse("Date", "a day of the calendar as YYYY-MM-DD", value)


def _parse_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _refuse("DateTime", "an RFC 3339 moment with its offset, like 2026-11-22T12:00:00Z", value)
    return moment


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse_decimal(value: object) -> Decimal:
    try:
        if isinstance(value, str) and _AMOUNT.fullmatch(value):
            return Decimal(value)
    except InvalidOperation:
        pass
    raise _refuse("Decimal", 'a decimal number in a string, like "1460.00"', value)


def _parse_currency(value: object) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value):
        return value
    raise _refuse("CurrencyCode", "three capital letters of ISO 4217", value)


def _parse_iban(value: object) -> str:
    from stdnum import iban  # see `resolvers.identifiers`

    if isinstance(value, str) and iban.is_valid(value):
        return str(iban.compact(value))
    raise _refuse("IBAN", "an account number of ISO 13616 with its check digits", value)


SCALARS: dict[Any, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar in Poland (Europe/Warsaw), as YYYY-MM-DD.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=date.isoformat,
        parse_value=_parse_date,
        parse_literal=_in_document(_parse_date),
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as RFC 3339.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=_moment,
        parse_value=_parse_moment,
        parse_literal=_in_document(_parse_moment),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number in a string, so that no client rounds it.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-7",
        serialize=str,
        parse_value=_parse_decimal,
        parse_literal=_in_document(_parse_decimal),
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="A currency of ISO 4217.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=_parse_currency,
        parse_literal=_in_document(_parse_currency),
    ),
    ByteCount: strawberry.scalar(
        name="ByteCount",
        description="A number of bytes: a JSON number without a fraction, which may be beyond 32 bits.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-6",
        serialize=int,
    ),
    IBAN: strawberry.scalar(
        name="IBAN",
        description="An account number of ISO 13616, without spaces; in Poland `PL` and the NRB's 26 digits.",
        specified_by_url="https://www.iso.org/standard/81090.html",
        serialize=str,
        parse_value=_parse_iban,
        parse_literal=_in_document(_parse_iban),
    ),
}
