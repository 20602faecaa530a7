"""Payment schedules of a contract and their instalments."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.port import Found, Pages
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.errors import MalformedRecord
from resolvers.loading import loader
from resolvers.operation import Operation


@loader
async def schedules_by_id(op: Operation, ids: Sequence[str]) -> Found[ScheduleRecord]:
    return await op.backoffice.erp.schedules_by_id(ids)


@loader
async def schedules_by_contract(op: Operation, ids: Sequence[str]) -> Pages[ScheduleRecord]:
    return await op.backoffice.erp.schedules_by_contract(ids)


@loader
async def instalments_by_schedule(op: Operation, ids: Sequence[str]) -> Pages[InstalmentRecord]:
    return await op.backoffice.erp.instalments_by_schedule(ids)


async def schedules_of(op: Operation, contract: ContractRecord) -> Sequence[ScheduleRecord | MalformedRecord]:
    """All versions, newest first."""
    page: Page[ScheduleRecord | MalformedRecord] = await schedules_by_contract.load(op, contract.id)
    return page.items


async def current_schedule_of(op: Operation, contract: ContractRecord) -> ScheduleRecord | None:
    """The version in force: the one that none has superseded. Raises the MalformedRecord of a broken version,
    since it might have been the one."""
    for version in await schedules_of(op, contract):
        if isinstance(version, MalformedRecord):
            raise version
        if version.superseded_on is None:
            return version
    return None


async def instalments_of(op: Operation, schedule: ScheduleRecord) -> Sequence[InstalmentRecord]:
    """The lines of a version, by number."""
    page: Page[InstalmentRecord] = await instalments_by_schedule.load(op, schedule.id)
    return page.items
