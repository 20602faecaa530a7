"""Invoices as Tryton prints them: ODT, or what the report is set to where LibreOffice is installed there."""

import re

from connectors.erp.records.invoice_print import InvoicePrint
from connectors.erp.tryton.reading import ids_of
from connectors.erp.tryton.service import Tryton
from connectors.errors import MalformedAnswer, UpstreamRejected

REPORT = "account.invoice"
MOST_BYTES = 20 << 20
"""No invoice is larger; it is held in memory, as Tryton held it."""
OK = 200

_ENDING = re.compile(r'attachment;.*\.([A-Za-z0-9]{1,8})"', re.ASCII)
"""Of the file name that Tryton tells, which is the record's and may hold anything."""


class Prints:
    """The printing of BooksPort."""

    prints_invoices = True

    def __init__(self, tryton: Tryton) -> None:
        self._tryton = tryton

    async def print_invoice(self, key: str) -> InvoicePrint | None:
        system = self._tryton.system
        for number in ids_of([key]):
            async with self._tryton.printed(REPORT, number) as answer:
                ending = _ENDING.fullmatch(answer.headers.get("content-disposition", ""))
                data = bytearray()
                async for chunk in answer.chunks:
                    data += chunk
                    if len(data) > MOST_BYTES:
                        raise MalformedAnswer(system)
            if answer.status != OK:
                raise UpstreamRejected(system, answer.status)
            if ending is None or not data:  # the page of a proxy
                raise MalformedAnswer(system)
            return InvoicePrint(answer.headers.get("content-type", ""), ending[1].lower(), bytes(data))
        return None
