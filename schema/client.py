"""Client: the lessee, what it leases, owes, and asked for."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from resolvers.bank_accounts import accounts_of
from resolvers.clients import balances_of
from resolvers.contracts import contracts_of_client
from resolvers.correspondence import correspondence_of
from resolvers.derived import derived
from resolvers.documents import documents_of_client
from resolvers.invoices import invoices_of_client
from resolvers.payments import payments_of_client
from resolvers.service_requests.quotes import available_for_client
from resolvers.service_requests.reading import service_requests_of_client
from resolvers.users import users_of
from schema import client_inbox, contract_finding, invoice_finding
from schema.connection import ABSENT, After, Connection, First
from schema.contract import Contract
from schema.document import Document, DocumentFilter
from schema.fields import ALWAYS, Info, argument, computed, described, money, related
from schema.invoice import Invoice
from schema.message import Message
from schema.money import Money, money_of
from schema.node import Node, Source, sourced
from schema.notification import Notification
from schema.payment import Payment
from schema.portal_user import PortalUser
from schema.promotion import Promotion
from schema.scalars import CurrencyCode
from schema.service_fee import AvailableRequest
from schema.service_request import ServiceRequest
from schema.virtual_account import VirtualAccount


@strawberry.type(description="A postal address.")
class Address:
    street: str = described("Street.")
    building: str = described("Number of the building.")
    unit: str | None = described("Number of the flat or office.")
    postal_code: str = described("Postal code; in Poland NN-NNN.")
    city: str = described("Town or city.")
    country: str = described("Country, as two letters of ISO 3166-1.")


@derived
def _net(receivable: Decimal, currency: str) -> Any:
    return money_of(receivable, currency)


@strawberry.type(description="What a client owes in one currency.")
class Balance:
    currency: CurrencyCode = described("The currency of all its amounts.")
    open: Money = money("open", "Sum of what is due on all invoices.")
    overdue: Money = money("overdue", "The part of it that is past its due date.")
    unallocated_credit: Money = money("unallocated_credit", "Money received and not set against an invoice.")
    net: Money = computed(_net, "Open less unallocated credit: the ledger's own receivable.")
    as_of: datetime = described("The moment at which these figures hold.")


async def _payments(
    root: strawberry.Parent[Any], info: Info, first: First = 20, after: After = ABSENT
) -> Any:
    return await payments_of_client(info.context, root, first, after or None)


async def _documents(
    root: strawberry.Parent[Any],
    info: Info,
    filter: Annotated[DocumentFilter | None, argument("Which documents.")] = ABSENT,
    first: First = 20,
    after: After = ABSENT,
) -> Any:
    where = DocumentFilter.conditions(filter)
    return await documents_of_client(info.context, root, where, first, after or None)


async def _service_requests(
    root: strawberry.Parent[Any], info: Info, first: First = 20, after: After = ABSENT
) -> Any:
    return await service_requests_of_client(info.context, root, first, after or None)


async def _correspondence(
    root: strawberry.Parent[Any], info: Info, first: First = 20, after: After = ABSENT
) -> Any:
    return await correspondence_of(info.context, root, first, after or None)


@strawberry.type(description="A lessee.")
class Client(Node):
    number: str = described("Client number; also the login (FAQ 2).")
    name: str = described("Full name.")
    legal_form: str | None = described("Legal form.")
    nip: str | None = described("NIP, the tax number: 10 digits.")
    regon: str | None = described("REGON, the statistical number: 9 or 14 digits.")
    krs: str | None = described("KRS, the court register number: 10 digits.")
    registered_seat: Address = described("Registered seat.")
    correspondence_address: Address | None = described("Where letters go, if not to the seat.")
    einvoice_email: str | None = described("The address to which e-invoices and PINs are sent.")
    einvoice_consent_at: datetime | None = described("When the client agreed to e-invoices.")
    balances: list[Balance | None] | None = related(balances_of, "What it owes, one balance per currency.")
    accounts: list[VirtualAccount | None] | None = related(
        accounts_of, "The bank accounts that are its alone to pay to, one per currency."
    )
    contracts: Connection[Contract] | None = contract_finding.listing(
        contracts_of_client, "Its contracts, newest first unless `orderBy` says otherwise."
    )
    invoices: Connection[Invoice] | None = invoice_finding.listing(
        invoices_of_client, "Its invoices, newest first unless `orderBy` says otherwise."
    )
    payments: Connection[Payment] | None = strawberry.field(
        resolver=_payments, description="Its payments, newest first.", metadata=ALWAYS
    )
    documents: Connection[Document] | None = strawberry.field(
        resolver=_documents,
        description="All its documents, those of its invoices and contracts too, newest first.",
        metadata=ALWAYS,
    )
    service_requests: Connection[ServiceRequest] | None = strawberry.field(
        resolver=_service_requests, description="What it asked for, newest first.", metadata=ALWAYS
    )
    users: list[PortalUser | None] | None = related(users_of, "Who uses the portal for it, by login.")
    notifications: Connection[Notification] | None = strawberry.field(
        resolver=client_inbox.notifications,
        description="What it was told about, newest first.",
        metadata=ALWAYS,
    )
    promotions: list[Promotion | None] | None = strawberry.field(
        resolver=client_inbox.promotions,
        description="What is offered to it on the back office's day, the most important first.",
        metadata=ALWAYS,
    )
    available_requests: list[AvailableRequest | None] | None = related(
        available_for_client, "What can be asked for without a contract, and at which fee, or why not."
    )
    correspondence: Connection[Message] | None = strawberry.field(
        resolver=_correspondence,
        description="Mails from and to its e-invoice address, newest first; never one with a PIN.",
        metadata=ALWAYS,
    )
    source: Source = sourced("clients")
