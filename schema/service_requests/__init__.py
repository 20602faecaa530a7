"""The kinds of service requests: a module each with its `ENTRY`, found by being here."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import strawberry

from connectors.erp.records.request import RequestKind, ServiceRequestRecord
from schema.node import CONCRETE
from schema.request_kind import describe
from schema.service_request import ServiceRequest
from schema.submission import Entry

_MODULES = sorted(found.name for found in iter_modules(__path__))
ENTRIES: tuple[Entry, ...] = tuple(import_module(f"{__name__}.{name}").ENTRY for name in _MODULES)


@strawberry.type(description="A request of a kind that this version of the graph does not know.")
class OtherRequest(ServiceRequest):
    pass


_NAMES: dict[RequestKind, str] = {entry.kind.code: entry.type.__name__ for entry in ENTRIES}
TYPES: list[Any] = [*(entry.type for entry in ENTRIES), OtherRequest]


def _type_name(request: ServiceRequestRecord) -> str:
    return _NAMES.get(request.kind, OtherRequest.__name__)


CONCRETE[ServiceRequestRecord] = _type_name
for entry in ENTRIES:
    describe(entry.kind.code, entry.text)
