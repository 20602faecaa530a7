"""A number that fails its check is the error of its own field, and of that alone."""

from typing import Any

from connectors.batch import Page
from connectors.erp.records.client import Address, ClientRecord
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.records.settlement import VirtualAccountRecord
from connectors.errors import MalformedRecord
from resolvers.viewer import Role, Viewer
from schema.build import build
from tests.harness.operations import office, operation
from tests.resolvers.invoices import NOON, in_ksef, invoice, transfer

CLIENT = ClientRecord(
    as_of=NOON, number="0010001", name="Stolarnia", legal_form=None, nip=None, regon=None, krs=None,
    registered_seat=Address("Leśna", "1", "00-001", "Warszawa", "PL"), correspondence_address=None,
    einvoice_email=None, einvoice_consent_at=None,
)  # fmt: skip
INVOICE = invoice(
    as_of=NOON.replace(year=2027),
    ksef=in_ksef(number="5265877635-20250826-0100001AF629-AE"),
    transfer=transfer(account="61109010140000071219812875"),
)
ACCOUNTS = [
    VirtualAccountRecord(as_of=NOON, client_number="0010001", currency=currency, nrb=nrb, bank=None)
    for currency, nrb in (("EUR", "0" * 26), ("PLN", "61109010140000071219812874"))
]


class Erp:
    """Holds numbers that fail their checks."""

    system = "ledger"

    async def invoices_by_number(self, _numbers: list[str]) -> list[InvoiceRecord]:
        return [INVOICE]

    async def clients_by_number(self, _numbers: list[str]) -> list[ClientRecord]:
        return [CLIENT]

    async def virtual_accounts_by_client(self, _numbers: list[str]) -> list[Page[VirtualAccountRecord]]:
        return [Page(ACCOUNTS)]


async def asked(query: str) -> tuple[Any, dict[str, Exception | None]]:
    """The data, and the error at each path."""
    erp = Erp()
    backoffice = office(clients=erp, books=erp)
    viewer = Viewer("0010001", "Anna", Role.OWNER, frozenset({"0010001"}))
    answer = await build().execute(
        query,
        context_value=operation(viewer, backoffice),
    )
    errors = {".".join(map(str, each.path or ())): each.original_error for each in answer.errors or ()}
    return answer.data, errors


async def test_a_ksef_number_and_an_account() -> None:
    data, errors = await asked(
        """{ invoice(number: "FV/1/2026") { number ksef { number mode verificationUrl }
        payment { account title zbpQrPayload qrSvg ksefNumberForTransfer splitPayment } } }"""
    )
    found = data["invoice"]
    assert found["ksef"].pop("verificationUrl").startswith("https://qr.example.com/invoice/5252310027/")
    assert found == {
        "number": "FV/1/2026",
        "ksef": {"number": None, "mode": "ONLINE"},
        "payment": {
            "account": None, "title": "FV/2026/0000037", "zbpQrPayload": None, "qrSvg": None,
            "ksefNumberForTransfer": None, "splitPayment": False,
        },
    }  # fmt: skip
    broken = ("account", "zbpQrPayload", "qrSvg", "ksefNumberForTransfer")
    assert set(errors) == {"invoice.ksef.number", *(f"invoice.payment.{name}" for name in broken)}
    for error in errors.values():
        assert isinstance(error, MalformedRecord)
        assert (error.code, error.system, error.record) == ("RECORD_MALFORMED", "ledger", "invoice 1")


async def test_one_of_a_clients_accounts() -> None:
    data, errors = await asked('{ client(number: "0010001") { name accounts { iban currency } } }')
    good = {"iban": "PL61109010140000071219812874", "currency": "PLN"}
    assert data["client"] == {"name": "Stolarnia", "accounts": [None, good]}
    (error,) = errors.values()
    assert isinstance(error, MalformedRecord)
    assert "virtual account in EUR" in str(error)
