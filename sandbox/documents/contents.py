"""What the documents of an invoice, a contract or a request say: a pure function of its facts."""

import hashlib
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from sandbox.data.contracts import money, percent
from sandbox.data.identifiers import LESSOR_NAME, LESSOR_NIP
from sandbox.documents.pdf import Line, one_page

MOST_MEASURED = 100_000


class Facts(NamedTuple):
    """What a document is made of; `net` of a malformed record is text."""

    code: str
    id: int
    number: str
    client: int
    buyer: str
    buyer_nip: str
    kind: str
    issued_on: str
    due_on: str
    currency: str
    net: int | str
    vat: int
    gross: int
    rate: int
    ksef_number: str | None


class Measure(NamedTuple):
    """Size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


def content(facts: Facts) -> bytes:
    """The bytes of a document."""
    if facts.code == "X":
        return _ksef_xml(facts)
    if facts.code == "R":
        return _reply_pdf(facts)
    return _contract_pdf(facts) if facts.code == "C" else _invoice_pdf(facts)


@lru_cache(maxsize=MOST_MEASURED)
def measure(facts: Facts) -> Measure:
    """Size and hash, remembered since listings ask for them again and again."""
    data = content(facts)
    return Measure(len(data), hashlib.sha256(data).hexdigest())


def _amount(value: int | str, currency: str) -> str:
    shown = value if isinstance(value, str) else money(value)
    return f"{shown} {currency}"


def _parties(facts: Facts) -> list[Line]:
    return [
        Line(f"Sprzedawca: {LESSOR_NAME}, NIP {LESSOR_NIP}"),
        Line(f"Nabywca: {facts.buyer}, NIP {facts.buyer_nip}"),
        Line(f"Numer klienta: {facts.client:07d}"),
        Line(" "),
    ]


def _invoice_pdf(facts: Facts) -> bytes:
    title = f"{'Faktura korygująca' if facts.kind == 'CORRECTION' else 'Faktura'} {facts.number}"
    lines = [
        Line(title, 18),
        Line(" "),
        *_parties(facts),
        Line(f"Data wystawienia: {facts.issued_on}"),
        Line(f"Termin płatności: {facts.due_on}"),
        Line(" "),
        Line(f"Wartość netto: {_amount(facts.net, facts.currency)}"),
        Line(f"VAT {percent(facts.rate)} %: {_amount(facts.vat, facts.currency)}"),
        Line(f"Wartość brutto: {_amount(facts.gross, facts.currency)}", 14),
    ]
    if facts.ksef_number:
        lines.append(Line(f"Numer KSeF: {facts.ksef_number}", 9))
    return one_page(title, lines)


def _contract_pdf(facts: Facts) -> bytes:
    title = f"Umowa {facts.number}"
    return one_page(
        title,
        [
            Line(title, 18),
            Line(" "),
            *_parties(facts),
            Line(f"Data zawarcia: {facts.issued_on}"),
            Line(f"Koniec umowy: {facts.due_on}"),
            Line(f"Wartość przedmiotu: {_amount(facts.gross, facts.currency)}"),
        ],
    )


def _reply_pdf(facts: Facts) -> bytes:
    title = f"Odpowiedź na wniosek {facts.number}"
    lines = [Line(title, 18), Line(" "), *_parties(facts), Line(f"Data: {facts.issued_on}")]
    if facts.due_on:
        lines.append(Line(f"Oferta ważna do: {facts.due_on}"))
    return one_page(title, lines)


def _ksef_xml(facts: Facts) -> bytes:
    kind = "KOR" if facts.kind == "CORRECTION" else "VAT"
    net = facts.net if isinstance(facts.net, str) else money(facts.net)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
  <Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>\
<WariantFormularza>3</WariantFormularza></Naglowek>
  <Podmiot1><DaneIdentyfikacyjne><NIP>{LESSOR_NIP}</NIP><Nazwa>{LESSOR_NAME}</Nazwa></DaneIdentyfikacyjne></Podmiot1>
  <Podmiot2><DaneIdentyfikacyjne><NIP>{facts.buyer_nip}</NIP><Nazwa>{escape(facts.buyer)}</Nazwa>\
</DaneIdentyfikacyjne></Podmiot2>
  <Fa><KodWaluty>{facts.currency}</KodWaluty><P_1>{facts.issued_on}</P_1><P_2>{facts.number}</P_2>\
<P_13_1>{net}</P_13_1><P_14_1>{money(facts.vat)}</P_14_1><P_15>{money(facts.gross)}</P_15>\
<RodzajFaktury>{kind}</RodzajFaktury></Fa>
</Faktura>
""".encode()
