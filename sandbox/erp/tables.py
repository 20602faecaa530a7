"""The table of collections: what each is read by, its order, its filters, and how its records are written.

`t` is the row; `:as_of` and `:today` come from the sandbox clock.
"""

from sandbox.erp import invoice_lines, records
from sandbox.erp.collection import (
    ALL,
    AS_OF,
    BY_CLIENT,
    BY_ID,
    BY_NUMBER,
    CLIENT,
    CONTRACT,
    OF_CONTRACT,
    Collection,
    Filter,
    FilterKind,
    Key,
    KeyKind,
    Order,
    codes,
    of_asset,
    of_contract,
    row_of,
    since,
    until,
)
from sandbox.erp.invoice_terms import DUNNING, KSEF, TRANSFER, VAT_RATE, VAT_SUMMARY
from sandbox.erp.portal_collections import ACCOUNTS, NOTIFICATIONS, PROMOTIONS
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
from sandbox.erp.request_collections import POLICIES, QUOTES, REQUESTS
from sandbox.erp.virtual_accounts import BANK_NAME, nrb

STATUS = """CASE WHEN t.state <> 'OPEN' THEN t.state
    WHEN t.amount_due > 0 AND t.due_date < :today THEN 'OVERDUE'
    WHEN t.amount_due > 0 AND t.settled > 0 THEN 'PARTIALLY_SETTLED' ELSE 'ISSUED' END"""
NUMBERED = of_contract(":contractNumber")
OF_VEHICLE = "IN (SELECT v.contract FROM vehicle v WHERE v.vin = :vin)"

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
    list_by={"all": ALL},
    order=Order("id", descending=False, then_id=False, is_client=True),
    filters={
        "numberStartsWith": Filter(
            FilterKind.TEXT, "substr(format('%07d', t.id), 1, length(:numberStartsWith)) = :numberStartsWith"
        ),
        "nameContains": Filter(FilterKind.TEXT, "instr(casefold(t.name), casefold(:nameContains))"),
        "nip": Filter(FilterKind.TEXT, "t.nip = :nip"), "regon": Filter(FilterKind.TEXT, "t.regon = :regon"),
        "krs": Filter(FilterKind.TEXT, "t.krs = :krs"),
        "einvoiceEmail": Filter(FilterKind.TEXT, "lower(t.email) = lower(:einvoiceEmail)"),
    },
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
    list_by={"client": BY_CLIENT, "all": ALL},
    order=Order("starts_on", descending=True),
    filters={
        "number": Filter(FilterKind.TEXT, f"t.id = {row_of(':number')} AND t.number = :number"),
        "statuses": codes("status", "statuses"), "kinds": codes("kind", "kinds"),
        "vin": Filter(FilterKind.TEXT, f"t.id {OF_VEHICLE}"),
        "registrationNumber": of_asset("registrationNumber", "replace({}, ' ', '') = :registrationNumber"),
        "assetNameContains": of_asset("name", "instr(casefold({}), casefold(:assetNameContains))"),
    },
    orders={"startsOn": Order("starts_on", descending=True), "endsOn": Order("ends_on", descending=True)},
)  # fmt: skip

INVOICES = Collection(
    "invoices", records.Invoice, "invoice",
    {
        "id": identifier("t.id"), "number": text("t.number"), "clientNumber": CLIENT,
        "contractNumber": CONTRACT, "kind": text("t.kind"),
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
    list_by={
        "client": BY_CLIENT, "contract": OF_CONTRACT, "all": ALL,
        "correctionOf": Key(KeyKind.ID, "t.correction_of = k.value"),
    },
    order=Order("issue_date", descending=True),
    filters={
        "issuedFrom": since("issue_date", "issuedFrom"), "issuedTo": until("issue_date", "issuedTo"),
        "dueFrom": since("due_date", "dueFrom"), "dueTo": until("due_date", "dueTo"),
        "states": codes("state", "states"), "kinds": codes("kind", "kinds"),
        "statuses": Filter(FilterKind.CODES, f"{STATUS} IN (SELECT value FROM json_each(:statuses))"),
        "contractNumber": Filter(FilterKind.TEXT, NUMBERED),
        "vin": Filter(FilterKind.TEXT, f"t.contract {OF_VEHICLE}"),
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

DUE_ON_CONTRACT = "FROM invoice i WHERE i.contract = c.id AND i.state = 'OPEN'"
CONTRACT_BALANCES = Collection(
    "contract-balances", records.ContractBalance,
    f"""(SELECT c.id, c.number, c.client, c.currency,
        coalesce((SELECT sum(i.gross - i.settled) {DUE_ON_CONTRACT}), 0) AS open,
        coalesce((SELECT sum(i.gross - i.settled) {DUE_ON_CONTRACT} AND i.due_date < :today), 0) AS overdue
        FROM contract c)""",
    {
        "contractNumber": text("t.number"), "clientNumber": CLIENT, "currency": text("t.currency"),
        "open": money("t.open"), "overdue": money("t.overdue"), "asOf": AS_OF,
    },
    get_by={"contract": BY_NUMBER},
    order=Order("id", descending=False, then_id=False),
)  # fmt: skip

COLLECTIONS = {
    collection.name: collection
    for collection in (
        CLIENTS, CONTRACTS, INVOICES, ALLOCATIONS, PAYMENTS, SCHEDULES, INSTALMENTS, BALANCES, REQUESTS,
        ACCOUNTS, PROMOTIONS, NOTIFICATIONS, INVOICE_LINES, VIRTUAL_ACCOUNTS, CONTRACT_BALANCES, QUOTES,
        POLICIES,
    )
}  # fmt: skip
