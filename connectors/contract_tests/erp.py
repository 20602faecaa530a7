"""What every part of an ERP keeps: see `connectors.erp.port`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import pytest

from connectors.batch import Page
from connectors.contract_tests.contract import Call, Contract
from connectors.contract_tests.data.erp import ErpData
from connectors.contract_tests.keys import STRANGE, many, whole
from connectors.contract_tests.lists import check_pages
from connectors.erp.port import ErpPart
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord

P = TypeVar("P", bound=ErpPart)
D = TypeVar("D", bound=ErpData)

PART = Slice(3)
MISSING = ("9999999", "nothing")


@dataclass(frozen=True)
class Paged:
    """A method that lists in pages: the one that counts, what it lists by, and where a record stands."""

    count: str
    position: Callable[[Any], tuple[str, ...]]
    where: tuple[Any, ...] = ()
    descending: bool = True


class ErpPartContract(Contract[P, D]):
    """Run over a system that holds `data`, perhaps among more.

    METHODS are the part's batch reads, with the arguments behind their keys; LISTS those that are paged.
    A system knows without asking that there is nothing behind a key that isn't of its form: KEYS says for
    methods that have such keys one of the form, which may be nobody's. ONE_BY_ONE are methods that ask the
    system anew for each key; their long batch is shorter.
    """

    KEYS: ClassVar[Mapping[str, str]] = MappingProxyType({})
    ONE_BY_ONE: ClassVar[frozenset[str]] = frozenset()

    LISTS: ClassVar[Mapping[str, Paged]] = MappingProxyType({})

    async def known(self, port: P, data: D) -> Mapping[str, Sequence[str]]:
        """For each method two keys that have something, of one client each."""
        raise NotImplementedError

    @pytest.fixture
    def malformed(self) -> tuple[str, str]:
        """The client and the system's id of a record that can't be read; the client has others that can."""
        raise NotImplementedError("give a fixture `malformed`")

    @property
    def _methods(self) -> Mapping[str, tuple[Any, ...]]:
        return {name: rest for name, rest in self.METHODS.items() if name not in self.lacks}

    def reads(self, port: P, data: D) -> Sequence[Call]:
        """Every batch read of the part."""
        del data
        return [
            partial(getattr(port, name), [self.KEYS.get(name, "0010001")], *rest)
            for name, rest in self._methods.items()
        ]

    async def test_what_is_lacked_is_found_empty(self, port: P) -> None:
        """Skipped in the end where something is, so that the run says it."""
        absent = {name: reason for name, reason in self.lacks.items() if name in self.METHODS}
        for name in absent:
            found = await getattr(port, name)(["0010001", *MISSING], *self.METHODS[name])
            assert [is_empty(each) for each in found] == [True] * 3
        if absent:
            told = "; ".join(f"{name}: {reason}" for name, reason in absent.items())
            pytest.skip(f"{type(self).__name__} lacks {told}")

    async def test_results_are_aligned_to_keys(self, port: P, data: D) -> None:
        """Whatever the order of the keys, however often one comes, and whichever are missing."""
        known = await self.known(port, data)
        for name, rest in self._methods.items():
            first, second = known[name]
            ask = getattr(port, name)
            (one,), (two,) = await ask([first], *rest), await ask([second], *rest)
            (nothing,) = await ask(["9999999"], *rest)
            assert (is_empty(one), is_empty(two), is_empty(nothing)) == (False, False, True), name
            keys = [second, "nothing", first, second, first, *STRANGE]
            expected = [two, nothing, one, two, one, *[nothing] * len(STRANGE)]
            assert bare(await ask(keys, *rest)) == bare(expected), name

    async def test_nothing_asked_nothing_sent(self, unreachable: P) -> None:
        for name, rest in self.METHODS.items():
            assert await getattr(unreachable, name)([], *rest) == [], name

    async def test_long_batches(self, port: P, data: D) -> None:
        known = await self.known(port, data)
        for name, rest in self._methods.items():
            ask = getattr(port, name)
            one, two = await ask(list(known[name]), *rest)
            missing = 25 if name in self.ONE_BY_ONE else 250
            keys = many(known[name], [str(number) for number in range(10**8, 10**8 + missing)], 500)
            found = bare(await ask(keys, *rest))
            assert found[:4:2] == bare([one, two]), name
            assert found[0::4] == found[:1] * 125, name
            assert found[2::4] == found[2:3] * 125, name
            assert all(not each for each in found[1::2]), name

    async def test_records_say_whose_they_are_and_as_of_when(self, port: P, data: D) -> None:
        known = await self.known(port, data)
        for name, rest in self._methods.items():
            found = await getattr(port, name)(list(known[name]), *rest)
            clients = [{_client(each) for each in records(result)} for result in found]
            for result in found:
                for each in records(result):
                    assert each.as_of.utcoffset() is not None, name
            assert clients[0] <= {data.client, None}, name
            assert clients[1] <= {data.other, None}, name

    async def test_lists_are_whole_in_order_in_pages_of_any_size(self, port: P, data: D) -> None:
        known = await self.known(port, data)
        for name, paged in self.LISTS.items():
            if name in self.lacks:
                continue
            for key in known[name]:
                items = await check_pages(one_list(port, name, key, *paged.where), paged.position)
                places = [paged.position(each)[0] for each in items]
                assert places == sorted(places, reverse=paged.descending), name
                assert await getattr(port, paged.count)([key], *paged.where) == [len(items)], name


def one_list(port: object, name: str, key: str, *where: object) -> Callable[[Slice], Any]:
    """The list of one key."""

    async def ask(part: Slice) -> Page[Any]:
        (page,) = await getattr(port, name)([key], *where, part)
        assert isinstance(page, Page)
        return page

    return ask


def records(result: Any) -> Sequence[Any]:
    """The records in what was found for one key."""
    if isinstance(result, Page):
        return whole(result.items)
    assert not isinstance(result, MalformedRecord)
    return [] if result is None or isinstance(result, int) else [result]


def is_empty(result: Any) -> bool:
    """Whether there is nothing under the key."""
    return result is None or result == 0 or (isinstance(result, Page) and not result.items)


def bare(results: Sequence[Any]) -> list[Any]:
    """Results that can be compared: without when they hold, nor by which sequence."""
    return [
        [_timeless(item) for item in each.items] if isinstance(each, Page) else _timeless(each)
        for each in results
    ]


def _timeless(each: Any) -> Any:
    if each is None or isinstance(each, int):
        return each
    return {name: getattr(each, name) for name in each.__struct_fields__ if name != "as_of"}


def _client(record: Any) -> str | None:
    return getattr(record, "client_number", None)
