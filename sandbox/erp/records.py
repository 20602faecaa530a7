"""The records of the ERP service, as they stand on the wire.

The server writes their JSON in SQL; these types are its declaration: the OpenAPI description is made of them,
the collections are checked against them at import, and the tests decode every answer into them.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Money = Annotated[str, Meta(pattern=r"^-?\d+\.\d\d$", description="decimal string, two places")]
Percent = Annotated[str, Meta(pattern=r"^-?\d+\.\d\d$", description="decimal string in percent")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="local date, Europe/Warsaw")]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT[\d:.]+Z$", description="RFC 3339, UTC")]
Nrb = Annotated[str, Meta(pattern=r"^\d{26}$", description="Polish account number, mod 97")]

ContractKind = Literal["OPERATING_LEASE", "FINANCE_LEASE", "LOAN", "RENTAL"]
ContractStatus = Literal[
    "DRAFT",
    "ACTIVE",
    "SUSPENDED",
    "TERMINATED_EARLY",
    "TERMINATED_FOR_CAUSE",
    "COMPLETED",
    "BOUGHT_OUT",
    "ASSIGNED",
]
InvoiceKind = Literal[
    "INSTALMENT",
    "INITIAL_FEE",
    "BUY_OUT",
    "SERVICE_FEE",
    "INSURANCE",
    "INTEREST_NOTE",
    "CORRECTION",
    "ADVANCE",
]
InvoiceState = Literal["OPEN", "PAID", "CANCELLED"]
AllocationKind = Literal["PAYMENT", "OVERPAYMENT", "CORRECTION", "COMPENSATION", "WRITE_OFF", "REVERSAL"]
RequestStatus = Literal[
    "DRAFT", "SUBMITTED", "NEEDS_INFO", "IN_REVIEW", "OFFER_READY", "ACCEPTED", "COMPLETED", "REJECTED",
    "CANCELLED",
    "EXPIRED",
]  # fmt: skip


class Record(Struct, rename="camel", forbid_unknown_fields=True):
    """A record in camelCase; every field is always present."""


class Address(Record):
    """A postal address; `country` is ISO 3166 alpha-2."""

    street: str
    building: str
    unit: str | None
    postal_code: str
    city: str
    country: str


class Client(Record):
    """A company that leases."""

    number: str
    name: str
    legal_form: str | None
    nip: str | None
    regon: str | None
    krs: str | None
    registered_seat: Address
    correspondence_address: Address | None
    einvoice_email: str | None
    einvoice_consent_at: Moment | None
    as_of: Moment


class Rate(Record):
    """Interest of a contract; of a fixed rate only `kind` and `current` are set."""

    kind: Literal["FIXED", "FLOATING"]
    index: str | None
    margin: Percent | None
    spread_adjustment: Percent | None
    reset_frequency: Literal["MONTHLY", "QUARTERLY", "SEMI_ANNUAL"] | None
    next_reset_on: Day | None
    current: Percent


class BuyOut(Record):
    """The option to buy; `amount` is net."""

    amount: Money
    vat_rate: Percent
    deadline: Day


class Asset(Record):
    """A leased thing; a vehicle has no serial number, equipment no VIN."""

    type: Literal["VEHICLE", "EQUIPMENT"]
    name: str
    manufacturer: str | None
    model: str | None
    year: int | None
    vin: str | None
    registration_number: str | None
    mileage: int | None
    serial_number: str | None
    location: str | None


class Contract(Record):
    """A lease, loan or rental; amounts are net."""

    id: str
    number: str
    client_number: str
    kind: ContractKind
    status: ContractStatus
    signed_on: Day | None
    starts_on: Day
    ends_on: Day
    term_months: int
    currency: str
    asset_value: Money
    initial_fee: Money
    residual_value: Money
    rate: Rate
    buy_out: BuyOut | None
    assets: list[Asset]
    as_of: Moment


class PaymentInTransit(Record):
    """Booked at the bank, not yet posted."""

    booked_on: Day
    amount: Money


class VatSum(Record):
    """What an invoice charges at one rate; null: exempt or outside of VAT."""

    rate: Percent | None
    net: Money
    vat: Money
    gross: Money


class Dunning(Record):
    """The last reminder sent for an invoice."""

    level: int
    sent_on: Day
    fee: Money


class Ksef(Record):
    """An invoice in KSeF; `xml_sha256` is that of the document KSEF_XML, in hex."""

    number: str | None
    mode: Literal["ONLINE", "OFFLINE24", "OFFLINE", "EMERGENCY"]
    accepted_at: Moment | None
    xml_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    seller_nip: str


class Transfer(Record):
    """How to pay an invoice; `account` is the client's virtual account in its currency."""

    account: Nrb
    recipient: str
    recipient_nip: str | None
    title: str
    split_payment: bool
    active_vat_payers: bool


class Invoice(Record):
    """An invoice, note or correction; `correction_of` is the id of the corrected one."""

    id: str
    number: str
    client_number: str
    contract_number: str | None
    kind: InvoiceKind
    issue_date: Day
    sale_date: Day | None
    due_date: Day
    currency: str
    net: Money
    vat: Money
    gross: Money
    settled_amount: Money
    amount_due: Money
    state: InvoiceState
    corrected: bool
    fully_reversed: bool
    in_dunning: bool
    payment_in_transit: PaymentInTransit | None
    paid_on: Day | None
    correction_of: str | None
    correction_reason: str | None
    vat_summary: list[VatSum]
    dunning: Dunning | None
    ksef: Ksef | None
    transfer: Transfer | None
    as_of: Moment


class InvoiceLine(Record):
    """A line of an invoice."""

    id: str
    client_number: str
    invoice_id: str
    number: int
    name: str
    quantity: Annotated[str, Meta(pattern=r"^-?\d+(\.\d+)?$", description="decimal string")]
    unit: str | None
    currency: str
    unit_net: Money
    vat_rate: Percent | None
    net: Money
    as_of: Moment


class Allocation(Record):
    """A booking on an invoice; positive when it lowers what is due."""

    id: str
    client_number: str
    invoice_id: str
    kind: AllocationKind
    amount: Money
    currency: str
    booked_on: Day
    posted_at: Moment
    payment_id: str | None
    credit_invoice_id: str | None
    as_of: Moment


class Payment(Record):
    """Money that came in."""

    id: str
    client_number: str
    booked_on: Day
    value_on: Day
    amount: Money
    currency: str
    channel: Literal["TRANSFER", "DIRECT_DEBIT", "CARD", "CASH"]
    payer_account_masked: str | None
    title: str | None
    allocated_amount: Money
    unallocated_amount: Money
    as_of: Moment


class Totals(Record):
    """Sums over the regular instalments of a schedule."""

    net: Money
    capital: Money
    interest: Money
    vat: Money
    gross: Money


class Schedule(Record):
    """One version of a contract's repayment schedule."""

    id: str
    client_number: str
    contract_id: str
    version: int
    effective_from: Day
    reason: Literal["ORIGINAL", "INDEX_REVISION", "ANNEX", "EARLY_REPAYMENT"]
    superseded_on: Day | None
    currency: str
    totals: Totals
    as_of: Moment


class Instalment(Record):
    """A row of a schedule; `outstanding_capital_after` includes the residual value."""

    id: str
    client_number: str
    schedule_id: str
    number: int
    due_date: Day
    kind: Literal["INITIAL", "REGULAR", "RESIDUAL"]
    currency: str
    net: Money
    capital: Money
    interest: Money
    vat_rate: Percent
    vat: Money
    gross: Money
    outstanding_capital_after: Money
    reference_rate: Percent | None
    invoice_number: str | None
    status: Literal["PLANNED", "INVOICED", "SETTLED", "OVERDUE"]
    as_of: Moment


class Balance(Record):
    """What a client owes in one currency; `receivable` = `open` − `unallocated_credit`."""

    client_number: str
    currency: str
    open: Money
    overdue: Money
    unallocated_credit: Money
    receivable: Money
    as_of: Moment


class VirtualAccount(Record):
    """The lessor's bank account for one client and currency."""

    client_number: str
    currency: str
    nrb: Nrb
    bank: str | None
    as_of: Moment


class ContractBalance(Record):
    """What is due on one contract."""

    contract_number: str
    client_number: str
    currency: str
    open: Money
    overdue: Money
    as_of: Moment


class Fee(Record):
    """What a request costs; `accepted_at` is when its client agreed to that."""

    net: Money
    vat: Money
    gross: Money
    currency: str
    charged_when: Literal["ON_SUBMISSION", "ON_COMPLETION"]
    accepted_at: Moment | None


class RequestEvent(Record):
    """A status that a request got; `by` is a portal login or the back office."""

    status: RequestStatus
    at: Moment
    by: str
    note: str | None


class Request(Record):
    """A service request; `details` depends on its kind."""

    id: str
    number: str
    client_number: str
    kind: str
    contract_number: str | None
    status: RequestStatus
    submitted_by: str
    submitted_at: Moment
    details: dict[str, Any]
    fee: Fee | None
    sla_due_at: Moment | None
    valid_until: Day | None
    history: list[RequestEvent]
    attachment_ids: list[str]
    as_of: Moment


class Quote(Record):
    """What a kind of request costs and takes today, or why it can't be made; `terms` depend on it."""

    kind: str
    channel: Literal["PORTAL", "BRANCH"]
    client_number: str
    contract_number: str | None
    currency: str
    net: Money
    vat: Money
    gross: Money
    charged_when: Literal["ON_SUBMISSION", "ON_COMPLETION"]
    sla_days: int
    reason: Literal["CONTRACT_NOT_ACTIVE", "NO_POLICY", "NO_VEHICLE"] | None
    terms: dict[str, Any]
    as_of: Moment


class Policy(Record):
    """An insurance policy of a contract; `territory` are countries of ISO 3166."""

    id: str
    number: str
    client_number: str
    contract_id: str
    insurer: str
    kind: Literal["MOTOR_LIABILITY", "MOTOR_OWN_DAMAGE", "PROPERTY"]
    valid_from: Day
    valid_to: Day
    currency: str
    sum_insured: Money
    premium: Money
    territory: list[str]
    as_of: Moment


class Texts(Record):
    """A text in Polish and in English."""

    pl: str
    en: str


class Promotion(Record):
    """What is shown to a client today; the least priority number comes first."""

    code: str
    client_number: str
    slot: Literal["BANNER", "CARD", "NOTICE"]
    title: Texts
    body: Texts
    image_url: str | None
    link: str | None
    valid_from: Day
    valid_to: Day
    priority: int
    audience: Literal["ALL", "CONTRACT_ENDING", "NO_CONTRACTS"]
    dismissible: bool
    as_of: Moment


class Delivery(Record):
    """A notification on its way by one channel."""

    channel: Literal["EMAIL", "SMS"]
    address: str
    state: Literal["QUEUED", "SENT", "FAILED"]
    tries: int
    sent_at: Moment | None


class Notification(Record):
    """What the client was told about."""

    id: str
    client_number: str
    kind: Literal["INVOICE_ISSUED", "PAYMENT_REMINDER"]
    invoice_number: str | None
    subject: str
    created_at: Moment
    deliveries: list[Delivery]
    as_of: Moment


class Account(Record):
    """A portal user; the login is the client number carried over from the e-invoice system."""

    login: str
    email: str
    first_name: str
    surname: str
    display_name: str
    company_name: str
    client_numbers: list[str]
    role: Literal["OWNER", "ACCOUNTANT", "FLEET", "READ_ONLY"]
    language: Literal["pl", "en"]
    as_of: Moment


class Change(Record):
    """One entry of the change feed."""

    seq: int
    collection: str
    id: str
    client_number: str | None
    at: Moment
