"""The enum of kinds of requests; each is described by its own module of `schema/service_requests/`."""

from typing import Any

from connectors.erp.records.request import RequestKind
from schema.fields import enum

__all__ = ["RequestKind", "describe"]

enum(RequestKind, "What can be asked for.", dict.fromkeys(RequestKind.__members__, ""))
_DEFINITION: Any = RequestKind.__strawberry_definition__  # type: ignore[attr-defined]


def describe(kind: RequestKind, text: str) -> None:
    """Gives a kind its description."""
    for value in _DEFINITION.values:
        if value.name == kind.name:
            value.description = text


describe(RequestKind.UNKNOWN, "A code that this version of the graph does not know.")
