"""Whether the time of an answer tells what its text does not: what was found is reported.

Two kinds of requests are sent in turns, so that whatever else the machine does falls on both. Their
separation is 2·|A − ½|, with A the chance that a random one of the first kind took longer than a random one
of the second (Mann and Whitney's U): 0 for times that tell nothing, 1 for times that tell all. Beside it
stands how far the medians lie apart. `pytest -rP tests/auth/test_timing.py` prints both; junit files have
them as properties. What is asserted is coarse, whatever the machine: no answer leaves out a password hash.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product
from statistics import median
from time import perf_counter

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, House, HouseMaker
from tests.auth.parties import CLIENTS, RelyingParty

ROUNDS = 50
ALIKE = 0.5
"""Four standard deviations of the separation of what is the same."""

Act = Callable[[], Awaitable[object]]


async def compared(one: Act, other: Act) -> tuple[float, float]:
    """The separation, and seconds between the medians, of `ROUNDS` calls of each, in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * (ROUNDS + 2)):
        begun = perf_counter()
        await (one, other)[turn % 2]()
        if turn >= 4:  # the first of each find nothing in any cache
            times[turn % 2].append(perf_counter() - begun)
    longer = sum(first > second for first, second in product(*times))
    return abs(2 * longer / ROUNDS**2 - 1), abs(median(times[0]) - median(times[1]))


Pair = Callable[[House], Awaitable[tuple[Act, Act]]]


async def _login(house: House, *tries: tuple[str, str]) -> tuple[Act, Act]:
    browser = house.browser()
    await browser.get("/login")
    one, other = (
        lambda login=login, password=password: browser.post("/login", login=login, password=password)
        for login, password in tries
    )
    return one, other


async def a_wrong_password_and_an_unknown_login(house: House) -> tuple[Act, Act]:
    return await _login(house, ("100200", OTHER_PASSWORD), ("999999", OTHER_PASSWORD))


async def a_locked_account_and_an_unknown_login(house: House) -> tuple[Act, Act]:
    await house.auth.locks.lock("100200")
    return await _login(house, ("100200", PASSWORD), ("999999", PASSWORD))


async def a_reset_of_a_known_and_an_unknown_login(house: House) -> tuple[Act, Act]:
    browser = house.browser()
    await browser.get("/reset-password")
    one, other = (
        lambda login=login: browser.post("/reset-password", login=login) for login in ("100200", "999999")
    )
    return one, other


async def a_clients_wrong_secret_and_an_unknown_client(house: House) -> tuple[Act, Act]:
    http = RelyingParty(house).http
    one, other = (
        lambda client=client: http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(client, "x" * 43)
        )
        for client in ("tool", "nope")
    )
    return one, other


async def the_right_and_a_wrong_present_password_past_the_limit(house: House) -> tuple[Act, Act]:
    """Whoever found an open browser must not find out the password by guessing on."""
    browser = await house.log_in()
    counters = house.auth.keys.of_login("100200")
    device = browser.http.cookies["lg_device"].partition(".")[0]
    await browser.get("/change-password")
    for key in (counters.login_failures, counters.device_failures(device)):
        await house.command("HSET", key, "failures", 99, "until", 10**14, "begun", 10**13)
    one, other = (
        lambda present=present: browser.post(
            "/change-password", present=present, password="Nowe;Okno77", password_again="Nowe;Okno77"
        )
        for present in (PASSWORD, OTHER_PASSWORD)
    )
    return one, other


@pytest.mark.parametrize(
    "pair",
    [
        a_wrong_password_and_an_unknown_login,
        a_locked_account_and_an_unknown_login,
        a_reset_of_a_known_and_an_unknown_login,
        a_clients_wrong_secret_and_an_unknown_client,
        the_right_and_a_wrong_present_password_past_the_limit,
    ],
)
async def test_times_tell_nothing(
    houses: HouseMaker, pair: Pair, record_property: Callable[[str, object], None]
) -> None:
    house = houses(
        clients=CLIENTS,
        hash_memory_kib=16384,  # leaving a hash out would show
        free_login_failures=10**6,
        request_burst=10**6,
        requests_per_minute=10**6,
    )
    await house.activate()
    found, apart = await compared(*await pair(house))
    record_property("separation", round(found, 3))
    record_property("medians_apart_us", round(1e6 * apart))
    print(f"separation: {found:.3f}, medians apart: {1e6 * apart:.0f} µs")  # noqa: T201  the report
    # An answer without its hash fails both; on a busy machine the medians of answers that are alike lie
    # apart, too.
    assert found < ALIKE or apart < await seconds_of_a_hash(house) / 2


async def seconds_of_a_hash(house: House) -> float:
    """As quick as it gets here."""
    times = []
    for _ in range(10):
        begun = perf_counter()
        await house.auth.passwords.hash(PASSWORD)
        times.append(perf_counter() - begun)
    return min(times)


async def test_a_time_that_tells_is_found() -> None:
    async def wait(seconds: float) -> None:
        await asyncio.sleep(seconds)

    separation, apart = await compared(lambda: wait(0.03), lambda: wait(0.001))
    assert separation > 0.7
    assert apart > 0.01
