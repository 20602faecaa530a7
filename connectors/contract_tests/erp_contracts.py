"""What every system keeps that has the contracts: see `connectors.erp.ports.contracts.ContractPort`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from connectors.contract_tests.data.erp import ContractsData
from connectors.contract_tests.erp import PART, ErpPartContract, Paged, one_list
from connectors.contract_tests.keys import whole
from connectors.contract_tests.lists import check_pages, read_through, same
from connectors.erp.port import ALL
from connectors.erp.ports.contracts import ContractPort
from connectors.erp.queries import ContractFilter, Direction, Order, Slice
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.schedule import InstalmentKind, ScheduleReason

EVERYTHING = ContractFilter()
ORDERS = {"startsOn": "starts_on", "endsOn": "ends_on"}


def by_start(record: ContractRecord) -> tuple[str, ...]:
    """Where a contract stands in its list."""
    return str(record.starts_on), record.id


class ContractsContract(ErpPartContract[ContractPort, ContractsData]):
    """The worked schedule, and every read of contracts."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "contracts_by_id": (),
        "contracts_by_number": (),
        "contracts_by_client": (EVERYTHING, PART),
        "contract_counts_by_client": (EVERYTHING,),
        "schedules_by_id": (),
        "schedules_by_contract": (),
        "instalments_by_schedule": (),
        "policies_by_id": (),
        "policies_by_number": (),
        "policies_by_contract": (),
    }
    LISTS: ClassVar[Mapping[str, Paged]] = {
        "contracts_by_client": Paged("contract_counts_by_client", by_start, (EVERYTHING,))
    }

    @pytest.fixture
    def data(self) -> ContractsData:
        """The worked contract."""
        return ContractsData()

    async def known(self, port: ContractPort, data: ContractsData) -> Mapping[str, Sequence[str]]:
        numbers = (data.contract, data.other_contract)
        contracts = [each.id for each in whole(await port.contracts_by_number(numbers)) if each is not None]
        schedules = [whole(page.items)[0].id for page in await port.schedules_by_contract(contracts)]
        policies = [whole(page.items)[0] for page in await self._policies(port, contracts)]
        return {
            **dict.fromkeys(self.METHODS, contracts),
            **dict.fromkeys(("contracts_by_client", "contract_counts_by_client"), (data.client, data.other)),
            **dict.fromkeys(("schedules_by_id", "instalments_by_schedule"), schedules),
            "contracts_by_number": numbers,
            "policies_by_id": [each.id for each in policies],
            "policies_by_number": [each.number for each in policies],
        }

    async def _policies(self, port: ContractPort, contracts: Sequence[str]) -> Sequence[Any]:
        lacking = any(name.startswith("policies") for name in self.lacks)
        return [] if lacking else await port.policies_by_contract(contracts)

    async def test_the_worked_contract(self, port: ContractPort, data: ContractsData) -> None:
        (found,) = await port.contracts_by_number([data.contract])
        assert isinstance(found, ContractRecord)
        assert (found.client_number, found.currency) == (data.client, "PLN")
        assert (found.asset_value, found.initial_fee) == (data.asset_value, data.initial_fee)
        assert (found.residual_value, found.term_months) == (data.residual_value, data.term_months)
        assert found.starts_on < found.ends_on

    async def test_the_worked_schedule(self, port: ContractPort, data: ContractsData) -> None:
        """Capital falls, interest follows the balance, and the last instalment takes up what was rounded."""
        (contract,) = whole(await port.contracts_by_number([data.contract]))
        assert contract is not None
        (page,) = await port.schedules_by_contract([contract.id])
        versions = whole(page.items)
        assert [each.version for each in versions] == sorted((e.version for e in versions), reverse=True)
        assert [each.superseded_on is None for each in versions] == [True] + [False] * (len(versions) - 1)
        original = versions[-1]
        assert (original.version, original.reason) == (1, ScheduleReason.ORIGINAL)
        assert (original.totals.capital, original.totals.interest) == (data.capital, data.interest)
        (page,) = await port.instalments_by_schedule([original.id])  # type: ignore[assignment]
        rows: list[Any] = whole(page.items)
        assert [each.number for each in rows] == sorted(each.number for each in rows)
        regular = [each for each in rows if each.kind is InstalmentKind.REGULAR]
        assert len(regular) == data.term_months
        first, twelfth, last = regular[0], regular[11], regular[-1]
        told = (first.net, first.capital, first.interest, first.vat, first.gross)
        assert told == data.first_instalment
        assert last.net == data.last_net
        assert twelfth.outstanding_capital_after == data.balance_after_12
        assert sum(each.capital for each in regular) == data.capital
        assert sum(each.interest for each in regular) == data.interest

    async def test_filters(self, port: ContractPort, data: ContractsData) -> None:
        every = await read_through(one_list(port, "contracts_by_client", data.client, EVERYTHING))
        (one,) = [each for each in every if each.number == data.contract]
        wheres: list[tuple[ContractFilter, list[ContractRecord]]] = [
            (ContractFilter(number=one.number), [one]),
            (ContractFilter(number="nothing"), []),
            (ContractFilter(statuses=(one.status,)), [e for e in every if e.status is one.status]),
            (ContractFilter(kinds=(one.kind,)), [e for e in every if e.kind is one.kind]),
            (ContractFilter(asset_name_contains="no such thing at all"), []),
            (ContractFilter(vin="AAAAAAAAAAAAAAAAA"), []),
        ]
        if one.assets:
            name = one.assets[0].name[1:].upper()
            named = [e for e in every if any(name in asset.name.upper() for asset in e.assets)]
            wheres.append((ContractFilter(asset_name_contains=name), named))
        for where, wanted in wheres:
            found = await read_through(one_list(port, "contracts_by_client", data.client, where), 2)
            assert same(found, wanted), where
            assert await port.contract_counts_by_client([data.client], where) == [len(wanted)], where

    async def test_every_order_in_pages(self, port: ContractPort, data: ContractsData) -> None:
        for name, attribute in ORDERS.items():
            for direction in Direction:

                def position(record: ContractRecord, attribute: str = attribute) -> tuple[str, ...]:
                    return str(getattr(record, attribute)), record.id

                ask = one_list(port, "contracts_by_client", data.client, EVERYTHING)
                items = await check_pages(ask, position, Order(name, direction))
                values = [getattr(each, attribute) for each in items]
                assert values == sorted(values, reverse=direction is Direction.DESC)

    async def test_over_all_clients_under_one_key(self, port: ContractPort, data: ContractsData) -> None:
        where = ContractFilter(number=data.contract)
        pages = await port.all_contracts([ALL, data.client, ALL], where, Slice(5))
        assert [[each.number for each in whole(page.items)] for page in pages] == [
            [data.contract], [], [data.contract],
        ]  # fmt: skip
        assert await port.all_contract_counts([ALL, data.client], where) == [1, 0]
        assert await port.all_contracts([], where, Slice(5)) == []
        assert await port.all_contract_counts([], where) == []
