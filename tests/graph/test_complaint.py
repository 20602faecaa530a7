"""A complaint, the kind that was added last: one module a layer."""

from collections.abc import Callable

from tests.harness.person import Person
from tests.harness.requests import right_input, submit

READ = """query($number: String!) { serviceRequest(number: $number) {
  kind ... on ComplaintRequest { subject description invoice { number } } } }"""
INVOICE = "{ viewer { clients { nodes { invoices(first: 1) { nodes { number } } } } } }"


def an_invoice(person: Person) -> str:
    nodes = person.data(INVOICE)["viewer"]["clients"]["nodes"][0]["invoices"]["nodes"]
    return str(nodes[0]["number"])


def test_a_complaint_about_an_invoice(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010002")
    number = an_invoice(person)
    payload = submit(person, "Complaint", right_input(person, "Complaint") | {"invoiceNumber": number})
    assert payload["errors"] == []
    read = person.data(READ, number=payload["serviceRequest"]["number"])["serviceRequest"]
    assert read == {
        "kind": "COMPLAINT", "subject": "Opłata", "description": "Nie zgadza się.",
        "invoice": {"number": number},
    }  # fmt: skip


def test_another_client_s_invoice_is_like_none(logged_in: Callable[[str], Person]) -> None:
    person, other = logged_in("0010002"), logged_in("0010006")
    given = right_input(person, "Complaint")
    for number in (an_invoice(other), "FV/2026/9999999"):
        payload = submit(person, "Complaint", given | {"invoiceNumber": number})
        (error,) = payload["errors"]
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "invoiceNumber"])
        assert error["message"] == "'invoiceNumber' names nothing that you may see."
