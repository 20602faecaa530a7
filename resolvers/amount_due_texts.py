"""What a line of an amount due says to a person, in Polish and English."""

from typing import TypeAlias

from connectors.erp.records.invoice import InvoiceRecord, PaymentRecord
from resolvers.amount_due import AmountDueLine, AmountDueLineKind
from resolvers.invoices import invoices_by_id
from resolvers.language import Language
from resolvers.operation import Operation
from resolvers.payments import payments_by_id
from resolvers.relation import Relation

Texts: TypeAlias = dict[Language, str]
_K, _PL, _EN = AmountDueLineKind, Language.PL, Language.EN

_TEXTS: dict[AmountDueLineKind, Texts] = {
    _K.GROSS: {_PL: "Kwota brutto: {number} z {day}", _EN: "Gross amount: {number} of {day}"},
    _K.PAYMENT: {_PL: "Zaliczono wpłatę z {day}", _EN: "Payment of {day} credited"},
    _K.OVERPAYMENT: {_PL: "Rozliczono nadpłatę dnia {day}", _EN: "Overpayment set off on {day}"},
    _K.CORRECTION: {_PL: "Faktura korygująca z {day}", _EN: "Correcting invoice of {day}"},
    _K.COMPENSATION: {_PL: "Kompensata z {day}", _EN: "Set-off of {day}"},
    _K.WRITE_OFF: {_PL: "Umorzenie z {day}", _EN: "Written off on {day}"},
    _K.REVERSAL: {_PL: "Cofnięto rozliczenie dnia {day}", _EN: "Settlement reversed on {day}"},
    _K.EXCESS: {
        _PL: "Nadwyżka ponad kwotę faktury, zaliczona na saldo klienta",
        _EN: "Excess over the invoice, kept as the client's credit",
    },
    _K.COUNTED_ON_CORRECTED: {
        _PL: "Korekta rozliczona na fakturze korygowanej",
        _EN: "Correction counted on the corrected invoice",
    },
    _K.CANCELLATION: {_PL: "Faktura anulowana", _EN: "Invoice cancelled"},
    _K.OTHER: {_PL: "Inne zapisy w księdze", _EN: "Other entries of the ledger"},
    _K.AMOUNT_DUE: {_PL: "Kwota do zapłaty na dzień {day}", _EN: "Amount due as of {day}"},
    _K.UNKNOWN: {_PL: "Rozliczenie z {day}", _EN: "Settlement of {day}"},
}
_CORRECTION: Texts = {
    _PL: "Faktura korygująca {number} z {issued}",
    _EN: "Correcting invoice {number} of {issued}",
}
_CORRECTED: Texts = {
    _PL: "Korekta rozliczona na fakturze {number}",
    _EN: "Correction counted on invoice {number}",
}
_OVERPAID: Texts = {
    _PL: "Rozliczono nadpłatę z wpłaty z {paid} (dnia {day})",
    _EN: "Overpayment from the payment of {paid} set off (on {day})",
}


document_of: Relation[AmountDueLine, InvoiceRecord | None] = Relation(invoices_by_id, "document_id")
"""The other invoice that a line speaks of: the correction, or what was corrected."""

payment_of: Relation[AmountDueLine, PaymentRecord | None] = Relation(payments_by_id, "payment_id")
"""The payment that a line speaks of."""


async def text_of(op: Operation, line: AmountDueLine, language: Language) -> str:
    """One line, naming the document or payment where the ledger knows it."""
    document = payment = None
    if line.kind in (_K.CORRECTION, _K.COUNTED_ON_CORRECTED):
        document = await document_of(op, line)
    elif line.kind is _K.OVERPAYMENT:
        payment = await payment_of(op, line)
    return text(line, language, document, payment)


def text(
    line: AmountDueLine, language: Language, document: InvoiceRecord | None, payment: PaymentRecord | None
) -> str:
    """The same of what is known already. Days are written YYYY-MM-DD; a reason stays in the ERP's words."""
    if document is not None and line.kind is _K.CORRECTION:
        said = _CORRECTION[language].format(number=document.number, issued=document.issue_date)
        return f"{said}: {document.correction_reason}" if document.correction_reason else said
    if document is not None and line.kind is _K.COUNTED_ON_CORRECTED:
        return _CORRECTED[language].format(number=document.number)
    if payment is not None:
        return _OVERPAID[language].format(paid=payment.booked_on, day=line.on)
    return _TEXTS[line.kind][language].format(number=line.invoice.number, day=line.on)
