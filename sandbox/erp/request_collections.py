"""The collections about requests: those made, what can be asked for, and the policies that it takes."""

from sandbox.erp import records
from sandbox.erp.collection import (
    AS_OF,
    BY_CLIENT,
    BY_ID,
    BY_NUMBER,
    CLIENT,
    CONTRACT,
    OF_CONTRACT,
    Collection,
    Key,
    KeyKind,
    Order,
    codes,
    row_of,
)
from sandbox.erp.rendering import (
    escaped,
    identifier,
    integer,
    json,
    money,
    text,
)
from sandbox.erp.request_sources import QUOTES_SOURCE, REQUEST_HISTORY

REQUESTS = Collection(
    "requests", records.Request, "request",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT,
        "kind": escaped("t.kind"),
        "contractNumber": CONTRACT, "status": text("t.status"),
        "submittedBy": escaped("t.submitted_by"), "submittedAt": text("t.submitted_at"),
        "details": json("t.details"), "fee": json("t.fee"), "slaDueAt": escaped("t.sla_due_at"),
        "validUntil": escaped("t.valid_until"), "history": json(REQUEST_HISTORY),
        "attachmentIds": json("t.attachments"), "asOf": AS_OF,
    },
    get_by={
        "id": BY_ID, "number": BY_NUMBER, "idempotencyKey": Key(KeyKind.TEXT, "t.idempotency_key = k.value"),
    },
    list_by={"client": BY_CLIENT, "contract": OF_CONTRACT},
    order=Order("submitted_at", descending=True),
    filters={"kinds": codes("kind", "kinds"), "statuses": codes("status", "statuses")},
)  # fmt: skip

_QUOTED = f"t.contract = {row_of('k.value')} AND t.number = k.value"
"""Not a subquery: SQLite would price every contract before it looks."""

QUOTES = Collection(
    "quotes", records.Quote, QUOTES_SOURCE,
    {
        "kind": text("t.kind"), "channel": text("t.channel"), "clientNumber": CLIENT,
        "contractNumber": CONTRACT, "currency": text("t.currency"),
        "net": money("t.net"), "vat": money("t.vat"), "gross": money("t.net + t.vat"),
        "chargedWhen": text("t.charged_when"), "slaDays": integer("t.sla_days"),
        "reason": escaped("t.reason"), "terms": json("t.terms"), "asOf": AS_OF,
    },
    list_by={
        "client": Key(KeyKind.CLIENT, "t.client = k.value AND t.contract IS NULL", whole=True),
        "contract": Key(KeyKind.TEXT, _QUOTED, whole=True),
    },
    order=Order("code", descending=False, then_id=False),
    filters={"channels": codes("channel", "channels")},
)  # fmt: skip

POLICIES = Collection(
    "policies", records.Policy, "policy",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT,
        "contractId": identifier("t.contract"), "insurer": escaped("t.insurer"), "kind": text("t.kind"),
        "validFrom": text("t.valid_from"), "validTo": text("t.valid_to"), "currency": text("t.currency"),
        "sumInsured": money("t.sum_insured"), "premium": money("t.premium"), "territory": json("t.territory"),
        "asOf": AS_OF,
    },
    get_by={"id": BY_ID, "number": BY_NUMBER},
    list_by={"contract": Key(KeyKind.ID, "t.contract = k.value", whole=True)},
    order=Order("valid_to", descending=True),
)  # fmt: skip
