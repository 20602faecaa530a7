"""Payment schedules of a contract and their instalments."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.errors import MalformedRecord
from resolvers.downloads.links import Link
from resolvers.downloads.tickets import ScheduleTicket
from resolvers.language import Language
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.relation import Relation, items
from resolvers.schedule_files.choice import ScheduleFormat

schedules_by_id: Loader[ScheduleRecord | None] = asking(
    ScheduleRecord, lambda op: op.backoffice.contracts.schedules_by_id
)
schedules_by_contract: Loader[Page[ScheduleRecord | MalformedRecord]] = asking(
    ScheduleRecord, lambda op: op.backoffice.contracts.schedules_by_contract
)
instalments_by_schedule: Loader[Page[InstalmentRecord | MalformedRecord]] = asking(
    InstalmentRecord, lambda op: op.backoffice.contracts.instalments_by_schedule
)


schedules_of: Relation[ContractRecord, Sequence[ScheduleRecord | MalformedRecord]] = Relation(
    schedules_by_contract, "id", items
)
"""All versions, newest first."""

instalments_of: Relation[ScheduleRecord, Sequence[InstalmentRecord | MalformedRecord]] = Relation(
    instalments_by_schedule, "id", items
)
"""The lines of a version, by number."""


def _current(versions: Sequence[ScheduleRecord | MalformedRecord]) -> ScheduleRecord | None:
    for version in versions:
        if isinstance(version, MalformedRecord):
            raise version
        if version.superseded_on is None:
            return version
    return None


current_schedule_of = schedules_of.then(_current)
"""The version in force: the one that none has superseded. Raises the MalformedRecord of a broken version,
since it might have been the one."""


def schedule_link(
    op: Operation, schedule: ScheduleRecord, form: ScheduleFormat, language: Language
) -> Link | None:
    """A link to download a version as a file, for whoever asks."""
    if op.asker is None:
        return None
    return op.links.link(op.asker, ScheduleTicket(schedule.client_number, schedule.id, form, language))
