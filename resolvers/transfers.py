"""Paying an invoice by bank transfer: the ZBP code, split payment, and the KSeF number to give."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from connectors.erp.records.invoice import InvoiceRecord
from connectors.errors import MalformedRecord
from resolvers import ksef
from resolvers.bank_accounts import iban_of
from resolvers.settlement import local_date

GROSZ = Decimal("0.01")
KSEF_NUMBERS_FROM = date(2027, 1, 1)
"""From this day transfers between active VAT payers carry the KSeF number (art. 108g of the VAT Act)."""

_RECIPIENT, _TITLE = 20, 32
"""Most characters, by the Polish Bank Association's recommendation of 2013-12-03 on the 2D code."""

_SPACES = re.compile(r"[\s|\x00-\x1f\x7f]+")


def account_of(system: str, invoice: InvoiceRecord) -> str | None:
    """The IBAN to pay to. Raises MalformedRecord when its check fails."""
    if invoice.transfer is None:
        return None
    return iban_of(system, invoice.transfer.account, f"invoice {invoice.id}", invoice.client_number)


def zbp_payload(system: str, invoice: InvoiceRecord) -> str | None:
    """The text of the Polish banks' 2D code for the amount due, in UTF-8; None where there is no such code.

    `NIP|PL|NRB|grosze, 6 digits or more|recipient|title|||`: zlotys only, and only while something is due.
    """
    from stdnum.pl import nip  # see `resolvers.identifiers`

    if invoice.transfer is None or not _payable_in_zloty(invoice):
        return None
    terms = invoice.transfer
    if terms.recipient_nip is not None and not nip.is_valid(terms.recipient_nip):
        raise MalformedRecord(
            system, f"invoice {invoice.id}", "its recipient's NIP is not valid", invoice.client_number
        )
    account = iban_of(system, terms.account, f"invoice {invoice.id}", invoice.client_number)
    grosze = int(invoice.amount_due.quantize(GROSZ, ROUND_HALF_UP) * 100)
    recipient, title = zbp_text(terms.recipient, _RECIPIENT), zbp_text(terms.title, _TITLE)
    tax_number = nip.compact(terms.recipient_nip or "")
    return f"{tax_number}|PL|{account.removeprefix('PL')}|{grosze:06d}|{recipient}|{title}|||"


def zbp_text(text: str, most: int) -> str:
    """A field of the code: at most so many characters, Polish letters being one each and kept as they are.

    What would part fields or lines becomes a space.
    """
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return plain[:most].rstrip()


def vat_share(invoice: InvoiceRecord) -> Decimal | None:
    """The VAT within the amount due, for split payment (art. 108a of the VAT Act), to the grosz, half up.

    In the proportion of the whole invoice. None where split payment can't be: other currencies, nothing due.
    """
    if not _payable_in_zloty(invoice) or invoice.gross <= 0:
        return None
    return (invoice.amount_due * invoice.vat / invoice.gross).quantize(GROSZ, ROUND_HALF_UP)


def ksef_number_for_transfer(system: str, invoice: InvoiceRecord) -> str | None:
    """The KSeF number to give in the transfer; None where none is asked for on the record's day."""
    terms = invoice.transfer
    if terms is None or not terms.active_vat_payers or local_date(invoice.as_of) < KSEF_NUMBERS_FROM:
        return None
    return ksef.number_of(system, invoice)


def _payable_in_zloty(invoice: InvoiceRecord) -> bool:
    return invoice.currency == "PLN" and invoice.amount_due > 0
