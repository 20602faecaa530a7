"""What the ports of all systems have in common: how they fail, and that they come back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

import pytest
import pytest_asyncio

from connectors import deadline
from connectors.contract_tests.servers import a_web_page, listening, nobody, silence
from connectors.errors import UpstreamError, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable

GIVE_UP = 30.0
"""Seconds after which a call that should have failed is taken to hang."""
SHORT = 0.3
LONG = 3600.0


class System(Protocol):
    """What every port has."""

    system: str

    async def health(self) -> None:
        """Answers when the system does."""


P = TypeVar("P", bound=System)
D = TypeVar("D")
Call: TypeAlias = Callable[[], Awaitable[object]]
Elsewhere: TypeAlias = Callable[[int, float], P]
"""The connector for a port of 127.0.0.1 in place of its system's, with a timeout in seconds."""


@pytest.mark.asyncio
class Contract(Generic[P, D]):
    """The base of all suites. Subclass a suite, call the class Test…, and give it the fixtures it asks for.

    `class TestMine(Suite, lacks={"test_…": "why"})` names the tests that can't pass since the system has no
    such thing; they are skipped, and the reasons stand in the run's summary. In the suites of an ERP's parts
    it also names methods, which then must find nothing.
    """

    lacks: ClassVar[Mapping[str, str]] = MappingProxyType({})
    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = MappingProxyType({})

    def __init_subclass__(cls, lacks: Mapping[str, str] = MappingProxyType({})) -> None:
        """Raises TypeError where `lacks` names a test that there isn't."""
        super().__init_subclass__()
        cls.lacks = {**cls.lacks, **lacks}
        for name in lacks:
            if not (name.startswith("test_") and hasattr(cls, name)) and name not in cls.METHODS:
                raise TypeError(f"{cls.__name__}: it can't lack {name}, which is neither a test nor a method")

    @pytest.fixture(autouse=True)
    def declared(self, request: pytest.FixtureRequest) -> None:
        """Skips what the subclass says that its system lacks."""
        reason = self.lacks.get(request.function.__name__)
        if reason is not None:
            pytest.skip(f"{type(self).__name__} lacks {request.function.__name__}: {reason}")

    @pytest.fixture
    def data(self) -> D:
        """What the system holds: the published data set, or one of that form where it can't."""
        raise NotImplementedError

    @pytest.fixture
    def port(self) -> P:
        """The connector over a system that holds `data`."""
        raise NotImplementedError("give a fixture `port`")

    @pytest.fixture
    def refused(self) -> P:
        """The same connector with a wrong key or password."""
        raise NotImplementedError("give a fixture `refused`")

    @pytest.fixture
    def elsewhere(self) -> Elsewhere[P]:
        """Makes connectors for other servers, and closes them at the end."""
        raise NotImplementedError("give a fixture `elsewhere`")

    @pytest_asyncio.fixture
    async def unreachable(self, elsewhere: Elsewhere[P]) -> AsyncIterator[P]:
        """The connector for a system that isn't there."""
        async with nobody() as number:
            yield elsewhere(number, 5.0)

    def reads(self, port: P, data: D) -> Sequence[Call]:
        """Every kind of read, ready to be called."""
        raise NotImplementedError

    def streams(self, port: P, data: D) -> Sequence[Call]:
        """Reads that may take longer than the request, each part with the timeout anew; most have none."""
        del port, data
        return ()

    async def test_it_is_well(self, port: P) -> None:
        assert port.system
        await port.health()

    async def test_a_wrong_key_is_refused(self, refused: P, data: D) -> None:
        await all_fail(refused, self._all(refused, data), UpstreamRejected)

    async def test_a_system_that_is_down_is_not_an_empty_one(self, unreachable: P, data: D) -> None:
        await all_fail(unreachable, self._all(unreachable, data), UpstreamUnavailable)

    async def test_nobody_waits_longer_than_the_timeout(self, elsewhere: Elsewhere[P], data: D) -> None:
        async with listening(silence) as number:
            port = elsewhere(number, SHORT)
            failures = await all_fail(port, self._all(port, data), UpstreamTimeout)
        assert not [each for each in failures if str(number) in str(each)], "an error names an address"

    async def test_nobody_waits_beyond_the_request_s_deadline(self, elsewhere: Elsewhere[P], data: D) -> None:
        async with listening(silence) as number:
            port = elsewhere(number, LONG)
            with deadline.within(SHORT):
                await all_fail(port, self.reads(port, data), UpstreamTimeout)

    async def test_another_kind_of_server_is_an_error(self, elsewhere: Elsewhere[P], data: D) -> None:
        """Such as a proxy's page: neither nothing found, nor anything but an UpstreamError."""
        async with listening(a_web_page) as number:
            port = elsewhere(number, 10.0)
            await all_fail(port, self.reads(port, data), UpstreamError)

    async def test_whoever_hangs_up_leaves_it_usable(self, port: P, data: D) -> None:
        """Calls are cancelled wherever they stand; those after them are answered."""
        for steps in range(25):
            tasks = [asyncio.ensure_future(call()) for call in self._all(port, data)]
            for _ in range(steps):
                await asyncio.sleep(0)
            if steps > 20:  # for those who wait for their system, and not for the loop
                await asyncio.sleep(0.002 * (steps - 20))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(GIVE_UP):
            for call in self._all(port, data):
                await call()

    def _all(self, port: P, data: D) -> Sequence[Call]:
        return (*self.reads(port, data), *self.streams(port, data))


async def all_fail(port: System, calls: Sequence[Call], kind: type[UpstreamError]) -> Sequence[UpstreamError]:
    """Every call fails so, and soon; the errors name the system."""
    async with asyncio.timeout(GIVE_UP):
        found = await asyncio.gather(port.health(), *(call() for call in calls), return_exceptions=True)
    for each in found:
        if isinstance(each, Exception) and not isinstance(each, UpstreamError):
            raise each
    failures = [each for each in found if isinstance(each, kind)]
    assert found == failures, f"not each of them is {kind.__name__}"
    assert {each.system for each in failures} == {port.system}
    return failures
