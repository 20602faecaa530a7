"""KSeF numbers and the link of KOD I: the ministry's own examples, and whatever breaks them."""

import base64
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import MalformedRecord
from resolvers import ksef
from tests.resolvers.invoices import in_ksef, invoice

EXAMPLE = "5265877635-20250826-0100001AF629-AF"
HASH = "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
HEX = base64.urlsafe_b64decode(HASH + "=").hex()


def test_the_ministrys_number() -> None:
    assert ksef.is_number(EXAMPLE)


def test_crc8_s_check_value() -> None:
    """CRC-8/SMBUS over the digits 1 to 9, from the catalogue of parametrised CRC algorithms."""
    assert ksef.crc8("123456789") == 0xF4


@given(place=st.integers(0, 34), other=st.sampled_from("0123456789ABCDEFabcdef-x "))
def test_any_other_character_is_found_out(place: int, other: str) -> None:
    changed = f"{EXAMPLE[:place]}{other}{EXAMPLE[place + 1 :]}"
    # The dash before the check digits is no part of what they cover, and has its own place.
    assert ksef.is_number(changed) == (changed == EXAMPLE)


@given(
    tax=st.integers(0, 10**10 - 1), day=st.dates(date(2026, 2, 1), date(2060, 1, 1)),
    part=st.integers(0, 16**12 - 1),
)  # fmt: skip
def test_a_number_made_by_the_rule_is_one(tax: int, day: date, part: int) -> None:
    data = f"{tax:010d}-{day:%Y%m%d}-{part:012X}"
    assert len(data) == 32
    assert ksef.is_number(f"{data}-{ksef.crc8(data):02X}")


@pytest.mark.parametrize("text", ["", EXAMPLE[:-1], EXAMPLE + "0", EXAMPLE.lower(), "٥" + EXAMPLE[1:]])
def test_what_is_no_number(text: str) -> None:
    assert not ksef.is_number(text)


def test_the_ministrys_link() -> None:
    """Its NIP, 1111111111, has the right check digit."""
    link = ksef.verification_url("https://qr-test.ksef.mf.gov.pl", "1111111111", date(2026, 2, 1), HEX)
    assert link == f"https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/{HASH}"


@pytest.mark.parametrize(
    ("seller", "sha256"), [("1111111112", HEX), ("111-111-11-11", HEX), ("1111111111", HEX[:-1]), ("", "")]
)
def test_no_link_is_made_of_what_is_wrong(seller: str, sha256: str) -> None:
    with pytest.raises(ValueError, match=r"NIP|SHA-256"):
        ksef.verification_url("https://qr.example.com", seller, date(2026, 2, 1), sha256)


def test_an_invoices_own() -> None:
    held = invoice(ksef=in_ksef())
    assert ksef.number_of("erp", held) == EXAMPLE
    link = ksef.verification_url_of("erp", "https://qr.example.com", held)
    assert link == f"https://qr.example.com/invoice/5252310027/13-10-2026/{HASH}"
    assert ksef.number_of("erp", invoice()) is None
    assert ksef.number_of("erp", invoice(ksef=in_ksef(number=None))) is None
    assert ksef.verification_url_of("erp", "https://qr.example.com", invoice()) is None


def test_a_wrong_one_is_the_records_error() -> None:
    broken = invoice(ksef=in_ksef(number=EXAMPLE[:-1] + "E", seller_nip="1"))
    with pytest.raises(MalformedRecord, match="KSeF number fails its check"):
        ksef.number_of("erp", broken)
    with pytest.raises(MalformedRecord, match="NIP"):
        ksef.verification_url_of("erp", "https://qr.example.com", broken)
