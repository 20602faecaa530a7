"""Contract: what a client leases, and on which terms."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from connectors.erp.records.contract import ContractKind, ContractStatus
from resolvers.clients import client_of_record
from resolvers.contracts import balance_of_contract
from resolvers.documents import documents_of_contract
from resolvers.invoices import invoices_of_contract
from resolvers.policies import policies_of
from resolvers.schedules import current_schedule_of, schedules_of
from resolvers.service_requests.quotes import available_for_contract
from schema.asset import Asset
from schema.connection import Connection
from schema.contract_terms import BuyOut, Rate, buy_out
from schema.document import Document, documents_of
from schema.fields import computed, described, money, related
from schema.insurance_policy import InsurancePolicy
from schema.invoice import Invoice
from schema.invoice_finding import listing
from schema.money import Money, money_of
from schema.node import Node, Source, sourced
from schema.scalars import CurrencyCode
from schema.schedule import Schedule
from schema.service_fee import AvailableRequest

if TYPE_CHECKING:
    from schema.client import Client


_amount_due = balance_of_contract.then(lambda balance: money_of(balance.open, balance.currency))
_overdue = balance_of_contract.then(lambda balance: money_of(balance.overdue, balance.currency))


@strawberry.type(description="A leasing contract.")
class Contract(Node):
    number: str = described("The contract's own number.")
    kind: ContractKind = described("How it is financed.")
    status: ContractStatus = described("Where it is in its life.")
    signed_on: date | None = described("The day on which it was signed.")
    starts_on: date = described("Its first day.")
    ends_on: date = described("Its last day.")
    term_months: int = described("Its length in months.")
    currency: CurrencyCode = described("The currency of its amounts.")
    asset_value: Money = money("asset_value", "Net price of the assets.")
    initial_fee: Money = money("initial_fee", "Net initial fee.")
    residual_value: Money = money("residual_value", "Net value at the end.")
    rate: Rate = described("Its interest.")
    buy_out: BuyOut | None = computed(buy_out, "The right to buy the asset at the end.")
    assets: list[Asset] = described("What is leased.")
    client: Annotated["Client", strawberry.lazy("schema.client")] | None = related(
        client_of_record, "The lessee."
    )
    schedule: Schedule | None = related(current_schedule_of, "The payment schedule in force.")
    schedules: list[Schedule | None] | None = related(
        schedules_of, "All versions of the payment schedule, newest first."
    )
    invoices: Connection[Invoice] | None = listing(
        invoices_of_contract, "Its invoices, newest first unless `orderBy` says otherwise."
    )
    amount_due: Money | None = related(_amount_due, "Amount still to be paid on its invoices.")
    overdue: Money | None = related(_overdue, "The part of it that is past its due date.")
    policies: list[InsurancePolicy | None] | None = related(
        policies_of, "Its insurance policies, the one that ends last first."
    )
    available_requests: list[AvailableRequest | None] | None = related(
        available_for_contract, "What can be asked for about it, and at which fee, or why not."
    )
    documents: list[Document | None] | None = documents_of(
        documents_of_contract, "Its documents, newest first."
    )
    source: Source = sourced("contracts")
