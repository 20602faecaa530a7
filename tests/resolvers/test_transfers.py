"""The banks' 2D code, split payment, and the KSeF number that a transfer must carry."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import MalformedRecord
from resolvers import transfers
from resolvers.bank_accounts import is_nrb
from tests.resolvers.invoices import in_ksef, invoice, transfer

NRB = "61109010140000071219812874"


def code(settled: str = "1000.00", **terms: Any) -> str:
    made = transfers.zbp_payload("erp", invoice(settled=settled, transfer=transfer(**terms)))
    assert made is not None
    return made


def test_the_code_asks_for_the_amount_due() -> None:
    assert code() == f"5252310027|PL|{NRB}|146000|Kompas Leasing S.A.|FV/2026/0000037|||"


@pytest.mark.parametrize(
    ("settled", "grosze"), [("2459.99", "000001"), ("2460.00", None), ("-7540.00", "1000000")]
)
def test_six_digits_or_more(settled: str, grosze: str | None) -> None:
    made = transfers.zbp_payload("erp", invoice(settled=settled, transfer=transfer()))
    assert (made and made.split("|")[3]) == grosze


def test_there_is_none_in_other_currencies_or_without_terms() -> None:
    assert transfers.zbp_payload("erp", invoice(currency="EUR", transfer=transfer())) is None
    assert transfers.zbp_payload("erp", invoice()) is None


def test_polish_letters_stay_and_count_as_one() -> None:
    fields = code(recipient="Żółta Łódź Leasing Spółka Akcyjna", title="Wpłata za część – " + "ą" * 40).split(
        "|"
    )
    assert fields[4] == "Żółta Łódź Leasing S"
    assert fields[5] == "Wpłata za część – " + "ą" * 14
    assert transfers.zbp_text("Z\u0307o\u0301łty", 20) == "Żółty", "letters in two parts are put together"


def test_what_would_part_fields_becomes_a_space() -> None:
    assert transfers.zbp_text(" A|B\r\n\tC || D ", 20) == "A B C D"
    assert transfers.zbp_text("12345 7890", 6) == "12345", "no space at the end of what is cut"


@given(recipient=st.text(max_size=60), title=st.text(max_size=60), due=st.integers(1, 10**11))
def test_whatever_the_texts_the_code_keeps_its_shape(recipient: str, title: str, due: int) -> None:
    asked = invoice(due=str(Decimal(due) / 100), transfer=transfer(recipient=recipient, title=title))
    made = transfers.zbp_payload("erp", asked)
    assert made is not None
    fields = made.split("|")
    limits = (10, 2, 26, 12, 20, 32, 20, 12, 24)
    assert all(len(field) <= most for field, most in zip(fields, limits, strict=True))
    assert int(fields[3]) == due
    assert len(made) <= 160, "the recommendation's longest code"


@pytest.mark.parametrize(
    "wrong", [{"account": NRB[:-1] + "5"}, {"account": "PL" + NRB}, {"recipient_nip": "1"}]
)
def test_what_fails_its_check_is_the_records_error(wrong: dict[str, str]) -> None:
    with pytest.raises(MalformedRecord, match=r"account number|NIP"):
        code(**wrong)
    if "account" in wrong:
        with pytest.raises(MalformedRecord, match="account number"):
            transfers.account_of("erp", invoice(transfer=transfer(**wrong)))


@given(place=st.integers(0, 25), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_account_is_found_out(place: int, digit: str) -> None:
    changed = f"{NRB[:place]}{digit}{NRB[place + 1 :]}"
    assert is_nrb(changed) == (changed == NRB)


def test_an_account() -> None:
    assert transfers.account_of("erp", invoice(transfer=transfer())) == f"PL{NRB}"
    assert transfers.account_of("erp", invoice()) is None
    assert not is_nrb("")
    assert not is_nrb("٦" + NRB[1:])


@pytest.mark.parametrize(
    ("gross", "vat", "due", "share"),
    [
        ("2460.00", "460.00", "2460.00", "460.00"),
        ("2460.00", "460.00", "1460.00", "273.01"),  # 273.0081…
        ("1.23", "0.23", "0.01", "0.00"),
        ("1.00", "0.50", "0.01", "0.01"),  # a half goes up
        ("1.00", "0.50", "0.03", "0.02"),
        ("100.00", "0.00", "100.00", "0.00"),
    ],
)
def test_the_vat_within_the_amount_due(gross: str, vat: str, due: str, share: str) -> None:
    assert transfers.vat_share(invoice(gross, due=due, vat=Decimal(vat))) == Decimal(share)


@given(gross=st.integers(1, 10**9), data=st.data())
def test_a_share_is_within_half_a_grosz_and_the_vat(gross: int, data: st.DataObject) -> None:
    vat, due = data.draw(st.integers(0, gross)), data.draw(st.integers(1, gross))
    share = transfers.vat_share(
        invoice(str(Decimal(gross) / 100), due=str(Decimal(due) / 100), vat=Decimal(vat) / 100)
    )
    assert share is not None
    assert 2 * abs(int(share * 100) * gross - vat * due) <= gross
    assert 0 <= int(share * 100) <= min(vat, due)


def test_no_share_where_there_is_no_split_payment() -> None:
    assert transfers.vat_share(invoice(settled="2460.00")) is None
    assert transfers.vat_share(invoice(currency="EUR")) is None


@pytest.mark.parametrize(
    ("as_of", "asked"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC), True),  # midnight in Warsaw
    ],
)
def test_from_2027_on_a_transfer_carries_the_ksef_number(as_of: datetime, asked: bool) -> None:
    held = invoice(as_of=as_of, ksef=in_ksef(), transfer=transfer())
    number = "5265877635-20250826-0100001AF629-AF"
    assert transfers.ksef_number_for_transfer("erp", held) == (number if asked else None)
    private = invoice(as_of=as_of, ksef=in_ksef(), transfer=transfer(active_vat_payers=False))
    assert transfers.ksef_number_for_transfer("erp", private) is None
    assert transfers.ksef_number_for_transfer("erp", invoice(as_of=as_of, transfer=transfer())) is None
