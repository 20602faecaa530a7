"""What every system keeps that knows the clients: see `connectors.erp.ports.clients.ClientPort`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from connectors.contract_tests.data.erp import ErpData
from connectors.contract_tests.erp import ErpPartContract, one_list
from connectors.contract_tests.keys import whole
from connectors.contract_tests.lists import check_pages
from connectors.erp.port import ALL
from connectors.erp.ports.clients import ClientPort
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import ClientRecord


class ClientsContract(ErpPartContract[ClientPort, ErpData]):
    """Clients by number, and finding them."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {"clients_by_number": ()}

    @pytest.fixture
    def data(self) -> ErpData:
        """Two clients."""
        return ErpData()

    async def known(self, port: ClientPort, data: ErpData) -> Mapping[str, Sequence[str]]:
        del port
        return {"clients_by_number": (data.client, data.other)}

    async def test_who_they_are(self, port: ClientPort, data: ErpData) -> None:
        for each in whole(await port.clients_by_number([data.client, data.other])):
            assert each is not None
            assert each.name
            assert each.registered_seat.city
            assert len(each.registered_seat.country) == 2

    async def test_filters(self, port: ClientPort, data: ErpData) -> None:
        one, other = whole(await port.clients_by_number([data.client, data.other]))
        assert one is not None
        assert other is not None
        wheres = [
            ClientFilter(number_starts_with=one.number),
            ClientFilter(name_contains=one.name[1:-1].upper()),
            *(
                ClientFilter(**{name: getattr(one, name)})
                for name in ("nip", "regon", "krs")
                if getattr(one, name)
            ),
        ]
        if one.einvoice_email:
            wheres.append(ClientFilter(einvoice_email=one.einvoice_email.lower()))
        for where in wheres:
            (page,) = await port.all_clients([ALL], where, Slice(1000))
            numbers = [each.number for each in whole(page.items)]
            assert one.number in numbers, where
            assert other.number not in numbers, where
            assert numbers == sorted(numbers), where
            assert await port.all_client_counts([ALL], where) == [len(numbers)], where
        nobody = ClientFilter(name_contains="no such name at all")
        assert await port.all_client_counts([ALL], nobody) == [0]

    async def test_the_list_of_all_in_pages_of_any_size(self, port: ClientPort, data: ErpData) -> None:
        def position(record: ClientRecord) -> tuple[str, ...]:
            return (record.number,)

        where = ClientFilter(number_starts_with=data.client[:-1])
        items = await check_pages(one_list(port, "all_clients", ALL, where), position)
        assert {data.client, data.other} <= {each.number for each in items}

    async def test_over_all_clients_under_one_key(self, port: ClientPort, data: ErpData) -> None:
        where = ClientFilter(number_starts_with=data.client)
        pages = await port.all_clients([ALL, data.client, ALL], where, Slice(5))
        assert [[each.number for each in whole(page.items)] for page in pages] == [
            [data.client], [], [data.client],
        ]  # fmt: skip
        assert await port.all_client_counts([ALL, data.client], where) == [1, 0]
        assert await port.all_clients([], where, Slice(5)) == []
        assert await port.all_client_counts([], where) == []
