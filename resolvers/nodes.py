"""Global ids: opaque, and good for every object that has one."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from typing import Any

from connectors.documents.port import DocumentRecord
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord, PaymentRecord
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.records.schedule import ScheduleRecord
from connectors.mail.port import MessageRecord
from connectors.projection import record_class
from connectors.record import Record
from resolvers.clients import clients_by_number
from resolvers.contracts import contracts_by_id
from resolvers.correspondence import messages_by_id
from resolvers.documents import documents_by_id
from resolvers.errors import InputError
from resolvers.invoices import invoices_by_id
from resolvers.loading import Loader
from resolvers.notifications import notifications_by_id
from resolvers.operation import Operation
from resolvers.payments import payments_by_id
from resolvers.policies import policies_by_id
from resolvers.schedules import schedules_by_id
from resolvers.service_requests.reading import service_requests_by_id

MAXIMUM_IDS = 100

TYPE_NAMES: dict[type[Record], str] = {
    ClientRecord: "Client",
    ContractRecord: "Contract",
    InvoiceRecord: "Invoice",
    PaymentRecord: "Payment",
    ScheduleRecord: "Schedule",
    ServiceRequestRecord: "ServiceRequest",
    PolicyRecord: "InsurancePolicy",
    DocumentRecord: "Document",
    MessageRecord: "Message",
    NotificationRecord: "Notification",
}

_LOADERS: dict[str, Loader[Any]] = {
    "Client": clients_by_number,
    "Contract": contracts_by_id,
    "Invoice": invoices_by_id,
    "Payment": payments_by_id,
    "Schedule": schedules_by_id,
    "ServiceRequest": service_requests_by_id,
    "InsurancePolicy": policies_by_id,
    "Document": documents_by_id,
    "Message": messages_by_id,
    "Notification": notifications_by_id,
}


def local_id(record: Record) -> str:
    """A record's id in its own system."""
    return record.number if isinstance(record, ClientRecord) else str(record.id)  # type: ignore[attr-defined]


def global_id(record: Record) -> str:
    """The opaque id of an object in the graph."""
    plain = f"{TYPE_NAMES[record_class(record)]}:{local_id(record)}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _decode(argument: str, value: str) -> tuple[str, str]:
    try:
        padded = value.encode("ascii") + b"=" * (-len(value) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise InputError(argument, "must be an id that this graph gave") from error
    type_name, _, key = plain.partition(":")
    if type_name not in _LOADERS or not key:
        raise InputError(argument, "must be an id that this graph gave")
    return type_name, key


async def node(op: Operation, value: str, argument: str = "id") -> Record | None:
    """The object with this id; None if there is none or if it isn't the viewer's to see."""
    type_name, key = _decode(argument, value)
    found: Record | None = await _LOADERS[type_name].load(op, key)
    return found


async def nodes(op: Operation, values: Sequence[str]) -> list[Record | BaseException | None]:
    """The objects with these ids, in order; one call for each type."""
    if len(values) > MAXIMUM_IDS:
        raise InputError("ids", f"must hold at most {MAXIMUM_IDS} ids; it holds {len(values)}")
    pairs = [_decode(f"ids.{index}", value) for index, value in enumerate(values)]
    found: list[Record | BaseException | None] = await asyncio.gather(
        *(_LOADERS[type_name].load(op, key) for type_name, key in pairs), return_exceptions=True
    )
    return found


async def of_type(op: Operation, type_name: str, value: str) -> Any:
    """The object of that type with this id; None also for what is no id, or is one of another type."""
    try:
        found, key = _decode("id", value)
    except InputError:
        return None
    return await _LOADERS[type_name].load(op, key) if found == type_name else None
