"""Payment schedules of a contract and their instalments."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.errors import MalformedRecord
from resolvers.downloads.links import Link
from resolvers.downloads.tickets import ScheduleTicket
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.schedule_files.choice import ScheduleFormat, ScheduleLanguage

schedules_by_id: Loader[ScheduleRecord | None] = asking(
    ScheduleRecord, lambda op: op.backoffice.erp.schedules_by_id
)
schedules_by_contract: Loader[Page[ScheduleRecord | MalformedRecord]] = asking(
    ScheduleRecord, lambda op: op.backoffice.erp.schedules_by_contract
)
instalments_by_schedule: Loader[Page[InstalmentRecord | MalformedRecord]] = asking(
    InstalmentRecord, lambda op: op.backoffice.erp.instalments_by_schedule
)


async def schedules_of(op: Operation, contract: ContractRecord) -> Sequence[ScheduleRecord | MalformedRecord]:
    """All versions, newest first."""
    return (await schedules_by_contract.load(op, contract.id)).items


async def current_schedule_of(op: Operation, contract: ContractRecord) -> ScheduleRecord | None:
    """The version in force: the one that none has superseded. Raises the MalformedRecord of a broken version,
    since it might have been the one."""
    for version in await schedules_of(op, contract):
        if isinstance(version, MalformedRecord):
            raise version
        if version.superseded_on is None:
            return version
    return None


async def instalments_of(
    op: Operation, schedule: ScheduleRecord
) -> Sequence[InstalmentRecord | MalformedRecord]:
    """The lines of a version, by number."""
    return (await instalments_by_schedule.load(op, schedule.id)).items


def schedule_link(
    op: Operation, schedule: ScheduleRecord, form: ScheduleFormat, language: ScheduleLanguage
) -> Link | None:
    """A link to download a version as a file, for whoever asks."""
    if op.asker is None:
        return None
    return op.links.link(op.asker, ScheduleTicket(schedule.client_number, schedule.id, form, language))
