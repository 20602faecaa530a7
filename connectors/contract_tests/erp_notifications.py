"""What every system keeps that notifies: see `connectors.erp.ports.notifications.NotificationPort`."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, ClassVar

import pytest

from connectors.contract_tests.data.erp import ErpData
from connectors.contract_tests.erp import PART, ErpPartContract, Paged, one_list
from connectors.contract_tests.lists import read_through, same
from connectors.erp.ports.notifications import NotificationPort
from connectors.erp.queries import NotificationFilter
from connectors.erp.records.notification import NotificationRecord

EVERYTHING = NotificationFilter()


def by_creation(record: NotificationRecord) -> tuple[str, ...]:
    """Where a notification stands in its list."""
    moment = record.created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.replace("+00:00", "Z"), record.id


class NotificationsContract(ErpPartContract[NotificationPort, ErpData]):
    """At least two notifications of each of the two clients."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "notifications_by_id": (),
        "notifications_by_client": (EVERYTHING, PART),
        "notification_counts_by_client": (EVERYTHING,),
    }
    LISTS: ClassVar[Mapping[str, Paged]] = {
        "notifications_by_client": Paged("notification_counts_by_client", by_creation, (EVERYTHING,))
    }

    @pytest.fixture
    def data(self) -> ErpData:
        """Two clients."""
        return ErpData()

    async def known(self, port: NotificationPort, data: ErpData) -> Mapping[str, Sequence[str]]:
        ids = []
        for client in (data.client, data.other):
            items = await read_through(one_list(port, "notifications_by_client", client, EVERYTHING))
            ids.append(items[0].id)
        return {**dict.fromkeys(self.METHODS, (data.client, data.other)), "notifications_by_id": ids}

    async def test_those_that_are_left_out(self, port: NotificationPort, data: ErpData) -> None:
        items = await read_through(one_list(port, "notifications_by_client", data.client, EVERYTHING))
        assert len(items) > 1
        where = NotificationFilter(except_ids=(items[0].id, "nothing", items[-1].id))
        found = await read_through(one_list(port, "notifications_by_client", data.client, where), 2)
        assert same(found, items[1:-1])
        assert await port.notification_counts_by_client([data.client], where) == [len(items) - 2]
