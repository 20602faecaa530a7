"""The worked numbers of the domain, to the grosz: one query to ERP, document store and mail archive."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.person import Person

QUERY = """
query Worked {
  viewer { user { login } clients { nodes {
    number
    balances { currency open { amount } overdue { amount } unallocatedCredit { amount } net { amount } }
    contracts { nodes {
      number
      invoices(first: 100) { totalCount nodes {
        number kind gross { amount currency } settledAmount { amount } amountDue { amount } status
        isPartiallySettled flags overdueDays correctionOf { number }
        allocations { kind amount { amount } creditInvoice { number }
          payment { unallocatedAmount { amount } } }
        documents { kind fileName size sha256 }
      } }
      schedule { version }
      schedules { version reason supersededOn totals { capital { amount } interest { amount } }
        instalments { number kind net { amount } capital { amount } interest { amount } vat { amount }
          gross { amount } outstandingCapitalAfter { amount } status invoice { number } } }
    } }
    correspondence { totalCount nodes { subject direction from to } }
  } } }
}
"""


@pytest.fixture(scope="module")
def client(logged_in: Callable[[str], Person]) -> Any:
    viewer = logged_in("0010001").data(QUERY)["viewer"]
    assert viewer["user"] == {"login": "0010001"}
    (only,) = viewer["clients"]["nodes"]
    return only


@pytest.fixture(scope="module")
def invoices(client: Any) -> list[Any]:
    return [invoice for contract in client["contracts"]["nodes"] for invoice in contract["invoices"]["nodes"]]


def test_balance(client: Any) -> None:
    """Case 4: 1460 + 1845 + 0 − 77 = 3228."""
    assert client["balances"] == [
        {
            "currency": "PLN",
            "open": {"amount": "3305.00"},
            "overdue": {"amount": "1460.00"},
            "unallocatedCredit": {"amount": "77.00"},
            "net": {"amount": "3228.00"},
        }
    ]


def test_part_paid_and_overdue(invoices: list[Any]) -> None:
    """Case 1: 2460, due 27 Oct, paid 1000."""
    (invoice,) = [each for each in invoices if each["status"] == "OVERDUE"]
    assert invoice["gross"] == {"amount": "2460.00", "currency": "PLN"}
    assert invoice["settledAmount"] == {"amount": "1000.00"}
    assert invoice["amountDue"] == {"amount": "1460.00"}
    assert invoice["overdueDays"] == 26
    assert invoice["isPartiallySettled"] is True
    (allocation,) = invoice["allocations"]
    assert (allocation["kind"], allocation["amount"]) == ("PAYMENT", {"amount": "1000.00"})


def test_corrected(invoices: list[Any]) -> None:
    """Case 2: 2460, corrected by −615; the correction itself asks for nothing."""
    (invoice,) = [each for each in invoices if "CORRECTED" in each["flags"]]
    assert invoice["gross"]["amount"] == "2460.00"
    assert invoice["amountDue"] == {"amount": "1845.00"}
    assert (invoice["status"], invoice["overdueDays"]) == ("PARTIALLY_SETTLED", 0)
    (allocation,) = invoice["allocations"]
    assert (allocation["kind"], allocation["amount"]) == ("CORRECTION", {"amount": "615.00"})
    (correction,) = [each for each in invoices if each["number"] == allocation["creditInvoice"]["number"]]
    assert correction["kind"] == "CORRECTION"
    assert correction["gross"]["amount"] == "-615.00"
    assert correction["amountDue"] == {"amount": "0.00"}
    assert correction["correctionOf"] == {"number": invoice["number"]}


def test_overpaid(invoices: list[Any]) -> None:
    """Case 3: 123, paid 200; the rest is the client's credit."""
    (invoice,) = [each for each in invoices if each["gross"]["amount"] == "123.00"]
    assert (invoice["status"], invoice["amountDue"]) == ("PAID", {"amount": "0.00"})
    (allocation,) = invoice["allocations"]
    assert allocation["payment"] == {"unallocatedAmount": {"amount": "77.00"}}


def test_every_invoice_has_its_document(invoices: list[Any]) -> None:
    for invoice in invoices:
        assert "INVOICE_PDF" in [document["kind"] for document in invoice["documents"]]
        assert all(len(document["sha256"]) == 64 for document in invoice["documents"])


def test_schedule(client: Any) -> None:
    """Case 5: the original at 7.20 %, then a reset to 6.45 % after instalment 12."""
    (contract,) = [each for each in client["contracts"]["nodes"] if len(each["schedules"]) > 1]
    revised, original = contract["schedules"]
    assert contract["schedule"] == {"version": revised["version"]}
    assert (original["version"], original["reason"]) == (1, "ORIGINAL")
    assert (revised["version"], revised["reason"], revised["supersededOn"]) == (2, "INDEX_REVISION", None)
    regular = [line for line in original["instalments"] if line["kind"] == "REGULAR"]
    assert len(regular) == 35
    first, last = regular[0], regular[-1]
    assert first["net"] == {"amount": "2832.79"}
    assert first["capital"] == {"amount": "2292.79"}
    assert first["interest"] == {"amount": "540.00"}
    assert first["vat"] == {"amount": "651.54"}
    assert first["gross"] == {"amount": "3484.33"}
    assert last["net"] == {"amount": "2832.74"}
    assert regular[11]["outstandingCapitalAfter"] == {"amount": "61560.17"}
    assert original["totals"]["interest"] == {"amount": "10147.60"}
    reset = [line for line in revised["instalments"] if line["kind"] == "REGULAR" and line["number"] > 12]
    assert reset[0]["net"] == {"amount": "2811.59"}
    settled = [line for line in revised["instalments"] if line["status"] == "SETTLED"]
    assert settled
    assert all(line["invoice"] for line in settled if line["kind"] == "REGULAR")


def test_correspondence_is_masked_and_without_credentials(client: Any) -> None:
    messages = client["correspondence"]
    assert messages["totalCount"] == len(messages["nodes"]) > 0
    for message in messages["nodes"]:
        assert "PIN" not in message["subject"]
        assert "•••@" in message["from"]
        assert "•••@" in message["to"]
