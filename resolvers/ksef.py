"""KSeF, the national e-invoice system: its numbers and the link that verifies an invoice.

By the Ministry of Finance's descriptions of the KSeF number and of the QR codes (`CIRFMF/ksef-api`:
faktury/numer-ksef.md, kody-qr.md).
"""

import base64
import re
from datetime import date

from connectors.erp.records.invoice import InvoiceRecord
from connectors.errors import MalformedRecord

_NUMBER = re.compile(r"\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_DATA = 32
"""How many characters the check digits cover: all but the last dash and themselves."""


def crc8(text: str) -> int:
    """CRC-8 of ASCII text: polynomial 0x07, initial value 0."""
    value = 0
    for byte in text.encode("ascii"):
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07 if value & 0x80 else value << 1) & 0xFF
    return value


def is_number(text: str) -> bool:
    """Whether it is a KSeF number: `NIP-YYYYMMDD-12HEX-CRC8`, 35 characters, with the right check digits."""
    return bool(_NUMBER.fullmatch(text)) and f"{crc8(text[:_DATA]):02X}" == text[-2:]


def verification_url(host: str, seller_nip: str, issue_date: date, xml_sha256: str) -> str:
    """The link of KOD I on the host of QR codes; `xml_sha256` in hex. Raises ValueError."""
    from stdnum.pl import nip  # see `resolvers.identifiers`

    if not _SHA256.fullmatch(xml_sha256):
        raise ValueError("the hash of its XML is no SHA-256 in hex")
    if not nip.is_valid(seller_nip) or len(seller_nip) != 10:
        raise ValueError("the seller's NIP is not valid")
    digest = base64.urlsafe_b64encode(bytes.fromhex(xml_sha256)).decode().rstrip("=")
    return f"{host}/invoice/{seller_nip}/{issue_date:%d-%m-%Y}/{digest}"


def number_of(system: str, invoice: InvoiceRecord) -> str | None:
    """An invoice's number in KSeF, if it has one. Raises MalformedRecord when it can't be one."""
    if invoice.ksef is None or invoice.ksef.number is None:
        return None
    number = invoice.ksef.number
    if not is_number(number):
        raise MalformedRecord(
            system, f"invoice {invoice.id}", "its KSeF number fails its check", invoice.client_number
        )
    return number


def verification_url_of(system: str, host: str, invoice: InvoiceRecord) -> str | None:
    """Where an invoice in KSeF is verified. Raises MalformedRecord when there can't be a link."""
    if invoice.ksef is None:
        return None
    entry = invoice.ksef
    try:
        return verification_url(host, entry.seller_nip, invoice.issue_date, entry.xml_sha256)
    except ValueError as error:
        raise MalformedRecord(system, f"invoice {invoice.id}", str(error), invoice.client_number) from error
