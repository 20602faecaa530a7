"""The table of collections: what each is read by, its order, its filters, and how its records are written.

`t` is the row; `:as_of` and `:today` come from the sandbox clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from sandbox.erp import invoice_lines, records
from sandbox.erp.invoice_terms import DUNNING, KSEF, TRANSFER, VAT_RATE, VAT_SUMMARY
from sandbox.erp.rendering import (
    Piece,
    boolean,
    client_number,
    decimal,
    escaped,
    expression,
    identifier,
    integer,
    json,
    money,
    optional,
    optional_identifier,
    signed_money,
    structure,
    text,
)
from sandbox.erp.request_sources import QUOTES_SOURCE, REQUEST_HISTORY
from sandbox.erp.virtual_accounts import BANK_NAME, nrb


class KeyKind(Enum):
    """What a key looks like, and thereby what it is in SQL."""

    ID = "id"
    CLIENT = "client number"
    TEXT = "text"


class FilterKind(Enum):
    """The values a filter takes."""

    CODES = "a list of codes"
    DAY = "a date YYYY-MM-DD"
    FLAG = "true or false"
    TEXT = "a text of 1 to 100 characters"
    MONEY = 'a decimal string with two places, like "123.00"'


@dataclass(frozen=True, slots=True)
class Key:
    """A way to read: `match` is the condition on `t` for the key `k.value`."""

    kind: KeyKind
    match: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on `t`; the value is bound under the filter's own name."""

    kind: FilterKind
    condition: str


@dataclass(frozen=True, slots=True)
class Order:
    """Keyset order: a leading column (a date, or a number or code), then perhaps the id."""

    column: str
    descending: bool
    then_id: bool = True
    is_money: bool = False

    @property
    def sql(self) -> str:
        """The terms of ORDER BY."""
        way = " DESC" if self.descending else ""
        return f"t.{self.column}{way}, t.id{way}" if self.then_id else f"t.{self.column}{way}"

    @property
    def position(self) -> str:
        """Where a row stands, as a JSON array of texts."""
        first = f"t.{self.column}"
        shown = expression(decimal(first)) if self.is_money else f"CAST({first} AS TEXT)"
        texts = [shown, *(["CAST(t.id AS TEXT)"] if self.then_id else [])]
        return f"json_array({', '.join(texts)})"

    @property
    def behind(self) -> str:
        """The condition that a row stands strictly behind `:after0`, `:after1`."""
        sign = "<" if self.descending else ">"
        if not self.then_id:
            return f"t.{self.column} {sign} :after0"
        return f"t.{self.column} {sign}= :after0 AND (t.{self.column} {sign} :after0 OR t.id {sign} :after1)"


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of the ERP service."""

    name: str
    record: type[records.Record]
    source: str
    fields: Mapping[str, Piece]
    get_by: Mapping[str, Key] = field(default_factory=dict)
    list_by: Mapping[str, Key] = field(default_factory=dict)
    order: Order | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Writing other fields than the record declares is a mistake to be found here, not on the wire."""
        declared = tuple(self.record.__struct_encode_fields__)
        if self.fields and tuple(self.fields) != declared:
            raise TypeError(f"{self.name}: {tuple(self.fields)} are not {declared}")

    @property
    def json(self) -> str:
        """The SQL expression for one record."""
        return expression(structure(**self.fields))


BY_ID = Key(KeyKind.ID, "t.id = k.value")


def row_of(number: str) -> str:
    """A number ends in its row's id (after eight characters, e.g. FV/2026/): no index on it is needed."""
    return f"CAST(substr({number}, 9) AS INTEGER)"


BY_NUMBER = Key(KeyKind.TEXT, f"t.id = {row_of('k.value')} AND t.number = k.value")
BY_CLIENT = Key(KeyKind.CLIENT, "t.client = k.value")
BY_CONTRACT = Key(KeyKind.ID, "t.contract = k.value")
AS_OF = text(":as_of")
CLIENT = client_number("t.client")


def codes(column: str, parameter: str) -> Filter:
    """One of several codes."""
    return Filter(FilterKind.CODES, f"t.{column} IN (SELECT value FROM json_each(:{parameter}))")


def since(column: str, parameter: str) -> Filter:
    """From a day on, inclusive."""
    return Filter(FilterKind.DAY, f"t.{column} >= :{parameter}")


def until(column: str, parameter: str) -> Filter:
    """Up to a day, inclusive."""
    return Filter(FilterKind.DAY, f"t.{column} <= :{parameter}")


def of_asset(name: str, condition: str) -> Filter:
    """One of the contract's assets meets the condition."""
    value = f"a.value ->> '{name}'"
    asset = f"SELECT 1 FROM json_each(t.assets) a WHERE {condition.format(value)}"
    return Filter(FilterKind.TEXT, f"EXISTS ({asset})")


# Where an invoice stands on the ERP's day; the first that holds.
STATUS = """CASE WHEN t.state <> 'OPEN' THEN t.state
    WHEN t.amount_due > 0 AND t.due_date < :today THEN 'OVERDUE'
    WHEN t.amount_due > 0 AND t.settled > 0 THEN 'PARTIALLY_SETTLED' ELSE 'ISSUED' END"""
OF_CONTRACT = f"""t.contract IN (SELECT c.id FROM contract c
    WHERE c.id = {row_of(":contractNumber")} AND c.number = :contractNumber)"""
OF_VEHICLE = "t.contract IN (SELECT v.contract FROM vehicle v WHERE v.vin = :vin)"

CLIENTS = Collection(
    "clients", records.Client, "client",
    {
        "number": client_number("t.id"), "name": escaped("t.name"), "legalForm": escaped("t.legal_form"),
        "nip": escaped("t.nip"), "regon": escaped("t.regon"), "krs": escaped("t.krs"),
        "registeredSeat": json("t.registered_seat"),
        "correspondenceAddress": json("t.correspondence_address"),
        "einvoiceEmail": escaped("t.email"), "einvoiceConsentAt": escaped("t.consent_at"), "asOf": AS_OF,
    },
    get_by={"number": Key(KeyKind.CLIENT, "t.id = k.value")},
)  # fmt: skip

CONTRACTS = Collection(
    "contracts", records.Contract, "contract",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT, "kind": text("t.kind"),
        "status": text("t.status"), "signedOn": escaped("t.signed_on"), "startsOn": text("t.starts_on"),
        "endsOn": text("t.ends_on"), "termMonths": integer("t.term_months"), "currency": text("t.currency"),
        "assetValue": money("t.asset_value"), "initialFee": money("t.initial_fee"),
        "residualValue": money("t.residual_value"), "rate": json("t.rate"), "buyOut": json("t.buy_out"),
        "assets": json("t.assets"), "asOf": AS_OF,
    },
    get_by={"id": BY_ID, "number": BY_NUMBER},
    list_by={"client": BY_CLIENT},
    order=Order("starts_on", descending=True),
    filters={
        "statuses": codes("status", "statuses"), "kinds": codes("kind", "kinds"),
        "vin": of_asset("vin", "{} = :vin"),
        "registrationNumber": of_asset("registrationNumber", "replace({}, ' ', '') = :registrationNumber"),
        "assetNameContains": of_asset("name", "instr(casefold({}), casefold(:assetNameContains))"),
    },
    orders={"startsOn": Order("starts_on", descending=True), "endsOn": Order("ends_on", descending=True)},
)  # fmt: skip

INVOICES = Collection(
    "invoices", records.Invoice, "invoice",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT,
        "contractId": optional_identifier("t.contract"), "kind": text("t.kind"),
        "issueDate": text("t.issue_date"),
        "saleDate": escaped("t.sale_date"), "dueDate": text("t.due_date"), "currency": text("t.currency"),
        # The one malformed legacy record has text here.
        "net": Piece('"%s"', (f"iif(t.net = 'n/a', 'n/a', {expression(decimal('t.net'))})",)),
        "vat": signed_money("t.vat"), "gross": signed_money("t.gross"),
        "settledAmount": signed_money("t.settled"),
        "amountDue": money("max(0, t.gross - t.settled)"), "state": text("t.state"),
        "corrected": boolean("t.corrected"), "fullyReversed": boolean("t.fully_reversed"),
        "inDunning": boolean("t.in_dunning"),
        "paymentInTransit": optional(
            "t.transit_on IS NOT NULL",
            structure(bookedOn=text("t.transit_on"), amount=money("t.transit_amount"))
        ),
        "paidOn": escaped("t.paid_on"), "correctionOf": optional_identifier("t.correction_of"),
        "correctionReason": escaped("t.correction_reason"),
        "vatSummary": VAT_SUMMARY, "dunning": DUNNING, "ksef": KSEF, "transfer": TRANSFER, "asOf": AS_OF,
    },
    get_by={"id": BY_ID, "number": BY_NUMBER},
    list_by={"client": BY_CLIENT, "contract": BY_CONTRACT,
    "correctionOf": Key(KeyKind.ID, "t.correction_of = k.value")},
    order=Order("issue_date", descending=True),
    filters={
        "issuedFrom": since("issue_date", "issuedFrom"), "issuedTo": until("issue_date", "issuedTo"),
        "dueFrom": since("due_date", "dueFrom"), "dueTo": until("due_date", "dueTo"),
        "states": codes("state", "states"), "kinds": codes("kind", "kinds"),
        "statuses": Filter(FilterKind.CODES, f"{STATUS} IN (SELECT value FROM json_each(:statuses))"),
        "contractNumber": Filter(FilterKind.TEXT, OF_CONTRACT), "vin": Filter(FilterKind.TEXT, OF_VEHICLE),
        "number": Filter(FilterKind.TEXT, f"t.id = {row_of(':number')} AND t.number = :number"),
        "numberContains": Filter(FilterKind.TEXT, "instr(upper(t.number), upper(:numberContains))"),
        "ksefNumber": Filter(FilterKind.TEXT, "t.ksef_number = :ksefNumber"),
        "currency": Filter(FilterKind.TEXT, "t.currency = :currency"),
        "grossFrom": Filter(FilterKind.MONEY, "t.gross >= :grossFrom"),
        "grossTo": Filter(FilterKind.MONEY, "t.gross <= :grossTo"),
    },
    orders={
        "issueDate": Order("issue_date", descending=True), "dueDate": Order("due_date", descending=True),
        "gross": Order("gross", descending=True, is_money=True),
        "amountDue": Order("amount_due", descending=True, is_money=True),
    },
)  # fmt: skip

INVOICE_LINES = Collection(
    "invoice-lines", records.InvoiceLine, invoice_lines.SOURCE,
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "invoiceId": identifier("t.invoice"),
        "number": integer("t.number"), "name": escaped("t.name"), "quantity": text("t.quantity"),
        "unit": text("'szt.'"), "currency": text("t.currency"), "unitNet": signed_money("t.unit_net"),
        "vatRate": VAT_RATE, "net": signed_money("t.unit_net * t.quantity"), "asOf": AS_OF,
    },
    list_by={"invoice": Key(KeyKind.ID, "t.invoice = k.value", whole=True)},
    order=Order("number", descending=False, then_id=False),
)  # fmt: skip

ALLOCATIONS = Collection(
    "allocations", records.Allocation, "allocation",
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "invoiceId": identifier("t.invoice"),
        "kind": text("t.kind"),
        "amount": signed_money("t.amount"), "currency": text("t.currency"), "bookedOn": text("t.booked_on"),
        "postedAt": text("t.posted_at"), "paymentId": optional_identifier("t.payment"),
        "creditInvoiceId": optional_identifier("t.credit_invoice"), "asOf": AS_OF,
    },
    get_by={"id": BY_ID},
    list_by={
        "invoice": Key(KeyKind.ID, "t.invoice = k.value", whole=True),
        "payment": Key(KeyKind.ID, "t.payment = k.value", whole=True),
    },
    order=Order("booked_on", descending=False),
)  # fmt: skip

PAYMENTS = Collection(
    "payments", records.Payment, "payment",
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "bookedOn": text("t.booked_on"),
        "valueOn": text("t.value_on"),
        "amount": money("t.amount"), "currency": text("t.currency"), "channel": text("t.channel"),
        "payerAccountMasked": escaped("t.payer_account"), "title": escaped("t.title"),
        "allocatedAmount": money("t.allocated"), "unallocatedAmount": money("t.amount - t.allocated"),
        "asOf": AS_OF,
    },
    get_by={"id": BY_ID},
    list_by={"client": BY_CLIENT},
    order=Order("booked_on", descending=True),
    filters={"bookedFrom": since("booked_on", "bookedFrom"), "bookedTo": until("booked_on", "bookedTo")},
)  # fmt: skip

SCHEDULES = Collection(
    "schedules", records.Schedule, "schedule",
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "contractId": identifier("t.contract"),
        "version": integer("t.version"), "effectiveFrom": text("t.effective_from"),
        "reason": text("t.reason"),
        "supersededOn": escaped("t.superseded_on"), "currency": text("t.currency"),
        "totals": structure(
            net=money("t.net"), capital=money("t.capital"), interest=money("t.interest"), vat=money("t.vat"),
            gross=money("t.net + t.vat"),
        ),
        "asOf": AS_OF,
    },
    get_by={"id": BY_ID},
    # A schedule's id is its contract's times 100 plus the version.
    list_by={"contract": Key(KeyKind.ID, "t.id BETWEEN k.value * 100 AND k.value * 100 + 99", whole=True)},
    order=Order("version", descending=True, then_id=False),
    filters={"current": Filter(FilterKind.FLAG, "(t.superseded_on IS NULL) = :current")},
)  # fmt: skip

INSTALMENTS = Collection(  # computed from the schedule's terms: sandbox.erp.instalments
    "instalments", records.Instalment, "", {},
    get_by={"id": BY_ID},
    list_by={"schedule": Key(KeyKind.ID, "", whole=True)},
    order=Order("number", descending=False, then_id=False),
)  # fmt: skip

OPEN = "FROM invoice i WHERE i.client = c.client AND i.currency = c.currency AND i.state = 'OPEN'"
BALANCES = Collection(
    "balances", records.Balance,
    f"""(SELECT c.client, c.currency,
        coalesce((SELECT sum(i.gross - i.settled) {OPEN}), 0) AS open,
        coalesce((SELECT sum(i.gross - i.settled) {OPEN} AND i.due_date < :today), 0) AS overdue,
        coalesce((SELECT sum(p.amount - p.allocated) FROM payment p
            WHERE p.client = c.client AND p.currency = c.currency AND p.amount > p.allocated), 0) AS credit
        FROM client_currency c)""",
    {
        "clientNumber": CLIENT, "currency": text("t.currency"), "open": money("t.open"),
        "overdue": money("t.overdue"),
        "unallocatedCredit": money("t.credit"), "receivable": signed_money("(t.open - t.credit)"),
        "asOf": AS_OF,
    },
    list_by={"client": Key(KeyKind.CLIENT, "t.client = k.value", whole=True)},
    order=Order("currency", descending=False, then_id=False),
)  # fmt: skip

VIRTUAL_ACCOUNTS = Collection(
    "virtual-accounts", records.VirtualAccount, "client_currency",
    {
        "clientNumber": CLIENT, "currency": text("t.currency"), "nrb": text(nrb("t.client", "t.currency")),
        "bank": escaped(f"'{BANK_NAME}'"), "asOf": AS_OF,
    },
    list_by={"client": Key(KeyKind.CLIENT, "t.client = k.value", whole=True)},
    order=Order("currency", descending=False, then_id=False),
)  # fmt: skip

OF_CONTRACT = "FROM invoice i WHERE i.contract = c.id AND i.state = 'OPEN'"
CONTRACT_BALANCES = Collection(
    "contract-balances", records.ContractBalance,
    f"""(SELECT c.id, c.client, c.currency,
        coalesce((SELECT sum(i.gross - i.settled) {OF_CONTRACT}), 0) AS open,
        coalesce((SELECT sum(i.gross - i.settled) {OF_CONTRACT} AND i.due_date < :today), 0) AS overdue
        FROM contract c)""",
    {
        "contractId": identifier("t.id"), "clientNumber": CLIENT, "currency": text("t.currency"),
        "open": money("t.open"), "overdue": money("t.overdue"), "asOf": AS_OF,
    },
    get_by={"contract": BY_ID},
    order=Order("id", descending=False, then_id=False),
)  # fmt: skip

REQUESTS = Collection(
    "requests", records.Request, "request",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT,
        "kind": escaped("t.kind"),
        "contractId": optional_identifier("t.contract"), "status": text("t.status"),
        "submittedBy": escaped("t.submitted_by"), "submittedAt": text("t.submitted_at"),
        "details": json("t.details"), "fee": json("t.fee"), "slaDueAt": escaped("t.sla_due_at"),
        "validUntil": escaped("t.valid_until"), "history": json(REQUEST_HISTORY), "asOf": AS_OF,
    },
    get_by={
        "id": BY_ID, "number": BY_NUMBER, "idempotencyKey": Key(KeyKind.TEXT, "t.idempotency_key = k.value"),
    },
    list_by={"client": BY_CLIENT, "contract": BY_CONTRACT},
    order=Order("submitted_at", descending=True),
    filters={"kinds": codes("kind", "kinds"), "statuses": codes("status", "statuses")},
)  # fmt: skip

QUOTES = Collection(
    "quotes", records.Quote, QUOTES_SOURCE,
    {
        "kind": text("t.kind"), "channel": text("t.channel"), "clientNumber": CLIENT,
        "contractId": optional_identifier("t.contract"), "currency": text("t.currency"),
        "net": money("t.net"), "vat": money("t.vat"), "gross": money("t.net + t.vat"),
        "chargedWhen": text("t.charged_when"), "slaDays": integer("t.sla_days"),
        "reason": escaped("t.reason"), "terms": json("t.terms"), "asOf": AS_OF,
    },
    list_by={
        "client": Key(KeyKind.CLIENT, "t.client = k.value AND t.contract IS NULL", whole=True),
        "contract": Key(KeyKind.ID, "t.contract = k.value", whole=True),
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
    get_by={"id": BY_ID},
    list_by={"contract": Key(KeyKind.ID, "t.contract = k.value", whole=True)},
    order=Order("valid_to", descending=True),
)  # fmt: skip

ACCOUNTS = Collection(
    "accounts", records.Account, "account",
    {
        "login": escaped("t.login"), "email": escaped("t.email"), "firstName": escaped("t.first_name"),
        "surname": escaped("t.surname"), "displayName": escaped("t.display_name"),
        "companyName": escaped("t.company_name"), "clientNumbers": json("t.client_numbers"),
        "role": text("t.role"),
        "language": text("t.language"), "asOf": AS_OF,
    },
    get_by={"login": Key(KeyKind.TEXT, "t.login = k.value")},
    list_by={
        "client": Key(
            KeyKind.CLIENT, "t.login IN (SELECT u.login FROM account_client u WHERE u.client = k.value)",
            whole=True,
        )
    },
    order=Order("login", descending=False, then_id=False),
)  # fmt: skip

PROMOTIONS = Collection(
    "promotions", records.Promotion,
    """(SELECT c.id AS client, p.* FROM promotion p CROSS JOIN client c
        WHERE :today BETWEEN p.valid_from AND p.valid_to AND CASE p.audience
            WHEN 'NO_CONTRACTS' THEN NOT EXISTS (SELECT 1 FROM contract o WHERE o.client = c.id)
            WHEN 'CONTRACT_ENDING' THEN EXISTS (SELECT 1 FROM contract o WHERE o.client = c.id
                AND o.status = 'ACTIVE' AND o.ends_on BETWEEN :today AND date(:today, '+6 months'))
            ELSE 1 END)""",
    {
        "code": text("t.code"), "clientNumber": CLIENT, "slot": text("t.slot"), "title": json("t.title"),
        "body": json("t.body"), "imageUrl": escaped("t.image_url"), "link": escaped("t.link"),
        "validFrom": text("t.valid_from"), "validTo": text("t.valid_to"), "priority": integer("t.priority"),
        "audience": text("t.audience"), "dismissible": boolean("t.dismissible"), "asOf": AS_OF,
    },
    list_by={"client": Key(KeyKind.CLIENT, "t.client = k.value", whole=True)},
    order=Order("priority", descending=False),
)  # fmt: skip

NOTIFICATIONS = Collection(
    "notifications", records.Notification, "notification",
    {
        "id": identifier("t.id"), "clientNumber": CLIENT, "kind": text("t.kind"),
        "invoiceId": optional_identifier("t.invoice"), "subject": escaped("t.subject"),
        "createdAt": text("t.created_at"), "deliveries": json("t.deliveries"), "asOf": AS_OF,
    },
    get_by={"id": BY_ID},
    list_by={"client": BY_CLIENT},
    order=Order("created_at", descending=True),
    filters={
        "exceptIds": Filter(
            FilterKind.CODES, "t.id NOT IN (SELECT CAST(value AS INTEGER) FROM json_each(:exceptIds))"
        )
    },
)  # fmt: skip

COLLECTIONS = {
    collection.name: collection
    for collection in (
        CLIENTS, CONTRACTS, INVOICES, ALLOCATIONS, PAYMENTS, SCHEDULES, INSTALMENTS, BALANCES, REQUESTS,
        ACCOUNTS, PROMOTIONS, NOTIFICATIONS, INVOICE_LINES, VIRTUAL_ACCOUNTS, CONTRACT_BALANCES, QUOTES,
        POLICIES,
    )
}  # fmt: skip
