"""Records made by hand for tests of functions over them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from connectors.erp.records.invoice import (
    AllocationKind,
    AllocationRecord,
    InvoiceKind,
    InvoiceRecord,
    InvoiceState,
)
from connectors.erp.records.invoice_terms import KsefEntry, KsefMode, TransferTerms

DUE = date(2026, 10, 27)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def invoice(
    gross: str = "2460.00", settled: str = "0.00", due: str | None = None, **rest: Any
) -> InvoiceRecord:
    made = InvoiceRecord(
        as_of=NOON,
        id="1",
        number="FV/1/2026",
        client_number="0010001",
        contract_number=None,
        kind=InvoiceKind.INSTALMENT,
        issue_date=date(2026, 10, 13),
        sale_date=None,
        due_date=DUE,
        currency="PLN",
        net=Decimal(gross),
        vat=Decimal(0),
        gross=Decimal(gross),
        settled_amount=Decimal(settled),
        amount_due=Decimal(due) if due is not None else max(Decimal(0), Decimal(gross) - Decimal(settled)),
        state=InvoiceState.OPEN,
        corrected=False,
        fully_reversed=False,
        in_dunning=False,
        payment_in_transit=None,
        paid_on=None,
        correction_of=None,
        correction_reason=None,
        vat_summary=(),
        dunning=None,
        ksef=None,
        transfer=None,
    )
    return msgspec.structs.replace(made, **rest)


def allocation(kind: AllocationKind, amount: Decimal, **rest: Any) -> AllocationRecord:
    made = AllocationRecord(
        as_of=NOON,
        id="1",
        client_number="0010001",
        invoice_id="1",
        kind=kind,
        amount=amount,
        currency="PLN",
        booked_on=date(2026, 11, 2),
        posted_at=None,
        payment_id=None,
        credit_invoice_id=None,
    )
    return msgspec.structs.replace(made, **rest)


def transfer(**rest: Any) -> TransferTerms:
    made = TransferTerms(
        account="61109010140000071219812874",
        recipient="Kompas Leasing S.A.",
        recipient_nip="5252310027",
        title="FV/2026/0000037",
        split_payment=False,
        active_vat_payers=True,
    )
    return msgspec.structs.replace(made, **rest)


def in_ksef(**rest: Any) -> KsefEntry:
    made = KsefEntry(
        number="5265877635-20250826-0100001AF629-AF",
        mode=KsefMode.ONLINE,
        accepted_at=NOON,
        xml_sha256="52d429f46a5ce75cbebb7c40a598c88e0929674d63b3e27c29f9523d6f16cc81",
        seller_nip="5252310027",
    )
    return msgspec.structs.replace(made, **rest)
