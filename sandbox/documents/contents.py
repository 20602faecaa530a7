"""What the documents of an invoice, a contract, a policy or a request say: a pure function of its facts."""

import base64
import hashlib
from collections.abc import Callable, Mapping
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
    return _WRITERS[facts.code](facts)


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


def _policy_pdf(facts: Facts) -> bytes:
    title = f"Polisa {facts.number}"
    lines = [
        Line(title, 18),
        Line(" "),
        Line(f"Ubezpieczyciel: {facts.kind}"),
        *_parties(facts)[1:],
        Line(f"Okres ubezpieczenia: {facts.issued_on} - {facts.due_on}"),
        Line(f"Suma ubezpieczenia: {_amount(facts.gross, facts.currency)}"),
    ]
    return one_page(title, lines)


def _upo_xml(facts: Facts) -> bytes:
    """The receipt names the invoice's XML by its hash; the moment is that of the invoice's record."""
    digest = base64.b64encode(bytes.fromhex(measure(facts._replace(code="X")).sha256)).decode()
    hour = 11 if facts.id % 50 == 0 else 10
    given = f"{facts.issued_on}T{hour}:{facts.id % 60:02d}:00Z"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-2">
  <NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów</NazwaPodmiotuPrzyjmujacego>
  <NazwaStrukturyLogicznej>FA(3)_v1-0E.xsd</NazwaStrukturyLogicznej><KodFormularza>FA</KodFormularza>
  <Dokument><NipSprzedawcy>{LESSOR_NIP}</NipSprzedawcy><NumerKSeFDokumentu>{facts.ksef_number}</NumerKSeFDokumentu>\
<NumerFaktury>{facts.number}</NumerFaktury><DataWystawieniaFaktury>{facts.issued_on}</DataWystawieniaFaktury>\
<DataPrzeslaniaDokumentu>{given}</DataPrzeslaniaDokumentu><DataNadaniaNumeruKSeF>{given}</DataNadaniaNumeruKSeF>\
<SkrotDokumentu>{digest}</SkrotDokumentu></Dokument>
</Potwierdzenie>
""".encode()


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


_WRITERS: Mapping[str, Callable[[Facts], bytes]] = {
    "P": _invoice_pdf,
    "X": _ksef_xml,
    "O": _upo_xml,
    "C": _contract_pdf,
    "I": _policy_pdf,
    "R": _reply_pdf,
}
"""By the first letter of a document's id."""
