"""From a version of a schedule to its file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.errors import MalformedRecord
from resolvers.clients import client_of
from resolvers.contracts import contracts_by_id
from resolvers.language import Language
from resolvers.operation import Operation
from resolvers.schedule_files import csv_file
from resolvers.schedule_files.choice import ScheduleFormat
from resolvers.schedule_files.locales import LOCALES, Locale
from resolvers.schedule_files.sheet import Sheet
from resolvers.schedules import instalments_of


def _pdf(sheet: Sheet, language: Locale) -> bytes:
    from resolvers.schedule_files import pdf_file

    return pdf_file.make(sheet, language)


def _xlsx(sheet: Sheet, language: Locale) -> bytes:
    from resolvers.schedule_files import xlsx_file

    return xlsx_file.make(sheet, language)


# The libraries behind these take 11 MB, and are loaded by the first who asks for such a file.
_FORMATS: dict[ScheduleFormat, tuple[str, Callable[[Sheet, Locale], bytes]]] = {
    ScheduleFormat.PDF: ("application/pdf", _pdf),
    ScheduleFormat.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    ScheduleFormat.CSV: ("text/csv; charset=utf-8", csv_file.make),
}

# One at a time: it is all work for the processor, and others' requests should go on meanwhile.
_maker = ThreadPoolExecutor(1, "schedule-file")


class MadeFile(NamedTuple):
    """A file, whole: a schedule has at most some hundred lines."""

    name: str
    mime_type: str
    data: bytes


async def schedule_file(
    op: Operation, schedule: ScheduleRecord, form: ScheduleFormat, language: Language
) -> MadeFile | None:
    """The file; None where its contract or client is not the viewer's to see.

    Raises the UpstreamError of any part: a schedule that lacks a line must not be printed.
    """
    sheet = await _sheet(op, schedule)
    if sheet is None:
        return None
    mime_type, make = _FORMATS[form]
    words = LOCALES[language]
    data = await asyncio.get_running_loop().run_in_executor(_maker, make, sheet, words)
    number = sheet.contract.number.replace("/", "-")
    name = f"{words.word('file')} {number} v{schedule.version}.{form.value.lower()}"
    return MadeFile(name, mime_type, data)


async def _sheet(op: Operation, schedule: ScheduleRecord) -> Sheet | None:
    client, contract, lines = await asyncio.gather(
        client_of(op, schedule.client_number),
        contracts_by_id.load(op, schedule.contract_id),
        instalments_of(op, schedule),
    )
    if client is None or contract is None:
        return None
    whole: list[InstalmentRecord] = []
    for line in lines:
        if isinstance(line, MalformedRecord):
            raise line
        whole.append(line)
    return Sheet(client, contract, schedule, whole)
