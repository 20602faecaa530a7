"""The keys of a Tryton in the settings file."""

from typing import Any

import pytest

from connectors.erp.records.invoice import InvoiceKind
from gateway.systems.reading import read_systems

TABLE = {"kind": "tryton", "url": "https://erp.example.com/erp/", "api_key": "secret"}


def keys(**more: Any) -> Any:
    (system,) = read_systems({"ledger": {**TABLE, **more}}, {})
    return system.keys


def test_keys() -> None:
    found = keys(invoice_kinds=["RATA=INSTALMENT", "A=B=BUY_OUT"], company=2, payment_journals=["cash"])
    assert found.url == "https://erp.example.com/erp"
    assert dict(found.invoice_kinds) == {"RATA": InvoiceKind.INSTALMENT, "A=B": InvoiceKind.BUY_OUT}
    assert (found.company, found.client_category, found.payment_journals) == (2, None, ("cash",))
    assert found.other_kind is InvoiceKind.UNKNOWN


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"invoice_kinds": ["RATA=RENT"]}, "there is no kind 'RENT'"),
        ({"invoice_kinds": ["INSTALMENT"]}, "'INSTALMENT' is no pair"),
        ({"invoice_kinds": ["RATA=CORRECTION"]}, "there is no kind 'CORRECTION'"),
        ({"other_kind": "rent"}, "there is no kind 'rent'"),
        ({"company": "first"}, "it is no whole number"),
        ({"url": "erp.example.com"}, "it must begin with http"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        keys(**wrong)
