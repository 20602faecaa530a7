"""What the table of the cache says of each method of each port."""

import types
from collections.abc import AsyncIterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from redis.asyncio import Redis

from connectors.batch import Page
from connectors.caching.asking import Asking
from connectors.caching.reading import Ages, CachedReading
from connectors.caching.table import AMOUNTS, READS, WRITES
from connectors.documents.port import DocumentOwner, DocumentPort
from connectors.documents.queries import DocumentFilter
from connectors.documents.rest import RestDocuments
from connectors.erp.ports.books import BooksPort
from connectors.erp.ports.clients import ClientPort
from connectors.erp.ports.contracts import ContractPort
from connectors.erp.ports.notifications import NotificationPort
from connectors.erp.ports.promotions import PromotionPort
from connectors.erp.ports.requests import RequestPort
from connectors.erp.ports.users import AccountPort
from connectors.erp.queries import ContractFilter, InvoiceFilter, NotificationFilter, Slice
from connectors.erp.rest import RestErp
from connectors.errors import MalformedRecord
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from connectors.mail.port import Correspondent, MailArchive
from tests.caching.shelf import Answers
from tests.harness.processes import API_KEY, Sandbox

PORTS = {
    "clients": ClientPort, "users": AccountPort, "contracts": ContractPort, "books": BooksPort,
    "requests": RequestPort, "promotions": PromotionPort, "notifications": NotificationPort,
    "documents": DocumentPort, "mail": MailArchive,
}  # fmt: skip
ANEW = {
    "clients": {"all_clients", "all_client_counts"},
    "users": {
        "accounts_by_login", "accounts_by_client", "add_account", "change_account_role", "remove_account",
    },
    "contracts": {"all_contracts", "all_contract_counts"},
    "books": {"all_invoices", "all_invoice_counts", "print_invoice"},
    "requests": {"quotes_by_contract", "quotes_by_client", "service_requests_by_idempotency_key"},
    "documents": {"open"},
}  # fmt: skip
"""What is always asked anew. Whoever adds a method says here or in the table what it is."""

CLIENT, LIST = "0010001", Slice(20)
AFTER: dict[str, tuple[Any, ...]] = {
    "contracts_by_client": (ContractFilter(), LIST),
    "contract_counts_by_client": (ContractFilter(),),
    "invoices_by_client": (InvoiceFilter(), LIST),
    "invoice_counts_by_client": (InvoiceFilter(),),
    "invoices_by_contract": (InvoiceFilter(), LIST),
    "invoice_counts_by_contract": (InvoiceFilter(),),
    "payments_by_client": (LIST,),
    "service_requests_by_client": (LIST,),
    "notifications_by_client": (NotificationFilter(), LIST),
    "notification_counts_by_client": (NotificationFilter(),),
    "documents_by_client": (DocumentFilter(), LIST),
    "document_counts_by_client": (DocumentFilter(),),
    "messages_by_address": (LIST,),
}
"""The arguments behind the keys."""


@pytest.mark.parametrize("part", PORTS)
def test_every_method_of_a_port_is_one_thing(part: str) -> None:
    methods = {name for name in dir(PORTS[part]) if not name.startswith("_")} - {"health", "system"}
    ways = [set(READS.get(part, ())), set(WRITES.get(part, ())), ANEW.get(part, set())]
    assert set.union(*ways) == methods
    assert sum(map(len, ways)) == len(methods)


@pytest.mark.parametrize(("part", "method"), [(part, method) for part in READS for method in READS[part]])
def test_the_type_is_the_ports(part: str, method: str) -> None:
    hints = get_type_hints(getattr(PORTS[part], method), localns={"DocumentFilter": DocumentFilter})
    (answer,) = get_args(hints["return"])
    assert READS[part][method] == readable(answer)


def readable(answer: Any) -> Any:
    """The type without what can't be kept."""
    if get_origin(answer) is Page:
        (item,) = get_args(answer)
        return Page[readable(item)]  # type: ignore[misc]
    if get_origin(answer) in (Union, types.UnionType):
        return Union[tuple(each for each in get_args(answer) if each is not MalformedRecord)]  # noqa: UP007
    return answer


def test_whatever_has_an_amount_due_counts_as_one() -> None:
    """Or a status that follows from one."""
    telling = set()
    for of in READS.values():
        for method, answer in of.items():
            shape = msgspec.json.schema(answer)
            names = {name for each in shape.get("$defs", {}).values() for name in each.get("properties", ())}
            if names & {
                "amountDue",
                "settledAmount",
                "open",
                "overdue",
                "allocatedAmount",
                "outstandingCapitalAfter",
            }:
                telling.add(method)
    assert telling
    assert telling <= AMOUNTS


class Counted:
    """A method that counts how often it is asked."""

    def __init__(self, method: Any) -> None:
        self._method = method
        self.calls = 0

    async def __call__(self, *given: Any) -> Any:
        self.calls += 1
        return await self._method(*given)


@pytest.fixture
async def ports(backoffice: Sandbox) -> AsyncIterator[dict[str, Any]]:
    http = UpstreamClient("erp", backoffice.url, api_key=API_KEY)
    yield {
        **dict.fromkeys(PORTS, RestErp(http)),
        "documents": RestDocuments(http),
        "mail": RestMailArchive(http),
    }
    await http.close()


async def test_what_comes_out_is_what_went_in(
    store: Redis, ports: dict[str, Any], backoffice: Sandbox
) -> None:
    """Of each method, with keys that its client has."""
    contracts = backoffice.page("contracts", "client", CLIENT)
    invoices = backoffice.page("invoices", "client", CLIENT)
    payments = backoffice.page("payments", "client", CLIENT)
    schedules = backoffice.page("schedules", "contract", contracts[0]["id"])
    policies = [each for of in contracts for each in backoffice.page("policies", "contract", of["id"])]
    requests = backoffice.page("requests", "client", CLIENT)
    (client,) = backoffice.ask("POST", "/v1/clients/get", {"by": "number", "keys": [CLIENT]})["results"]
    notifications = await ports["notifications"].notifications_by_client([CLIENT], NotificationFilter(), LIST)
    documents = await ports["documents"].documents_by_client([CLIENT], DocumentFilter(), LIST)
    address = Correspondent(client["einvoiceEmail"], CLIENT)
    messages = await ports["mail"].messages_by_address([address], LIST)
    by_id = {
        "contracts": contracts, "schedules": schedules, "policies": policies, "invoices": invoices,
        "payments": payments, "service_requests": requests,
    }  # fmt: skip
    ids = {name: [each["id"] for each in of] for name, of in by_id.items()}
    ids["notifications"] = [each.id for each in notifications[0].items]
    ids["documents"] = [each.id for each in documents[0].items]
    ids["messages"] = [each.id for each in messages[0].items]
    numbers = {name: [each["number"] for each in of] for name, of in by_id.items() if "number" in of[0]}
    numbers["clients"] = [CLIENT]
    keys: dict[str, Any] = {
        "client": [CLIENT], "address": [address], "schedule": ids["schedules"], "payment": ids["payments"],
        "invoice": ids["invoices"],
        "owner": [DocumentOwner("invoice", each, CLIENT) for each in ids["invoices"]],
    }  # fmt: skip
    asked = 0
    for part, of in READS.items():
        for method, answer in of.items():
            things, _, by = method.partition("_by_")
            given = {"id": ids, "number": numbers}.get(by, {}).get(things) or keys.get(by)
            if by == "contract":
                given = numbers["contracts"] if part == "books" else ids["contracts"]
            assert given, method
            ask = Counted(getattr(ports[part], method))
            reading = CachedReading(Answers(store), "erp", method, ask, answer, Ages(1000, 1000))
            before, after = [
                await reading(Asking(frozenset({CLIENT})), [*given, given[0]], *AFTER.get(method, ()))
                for _ in range(2)
            ]
            assert list(before) == list(after)
            assert ask.calls == 1, method
            assert any(each not in (None, 0) for each in before)
            asked += 1
    assert asked > 30
