"""Whatever ends a login ends its tokens, at once: the next use is refused."""

from collections.abc import Awaitable, Callable

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, Browser, House, HouseMaker
from tests.auth.parties import CLIENTS, TOOL, RelyingParty


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


async def log_out(_: House, browser: Browser) -> None:
    await browser.get("/sessions")
    await browser.post("/logout")


async def log_out_everywhere(house: House, _: Browser) -> None:
    elsewhere = await house.log_in()
    await elsewhere.get("/sessions")
    await elsewhere.post("/sessions", everywhere="1")


async def reset(house: House, _: Browser) -> None:
    other = await house.at_pin("/reset-password", password=OTHER_PASSWORD)
    answer = await other.post("/reset-password", pin=await house.pin())
    assert answer.headers["location"] == "/login?done=reset"


async def grow_old(house: House, browser: Browser) -> None:
    await house.age_session(browser, seconds=house.auth.options.absolute_seconds)


async def fall_idle(house: House, browser: Browser) -> None:
    await house.age_session(browser, seconds=house.auth.options.idle_seconds, seen=True)


async def log_in_anew(house: House, browser: Browser) -> None:
    await house.log_in(browser=browser)


async def change_password(_: House, browser: Browser) -> None:
    answer = await browser.post(
        "/change-password", present=PASSWORD, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD
    )
    assert answer.headers["location"] == "/sessions?done=password"


async def lock(house: House, _: Browser) -> None:
    assert not (await house.auth.locks.lock("100200")).already


async def deactivate(house: House, _: Browser) -> None:
    await house.auth.accounts.changed("100200", None)


async def lose_a_client(house: House, _: Browser) -> None:
    house.directory.people["100200"].client_numbers = ("100200",)
    await house.auth.accounts.changed("100200", house.directory.people["100200"])


ENDS_ALL = [log_out_everywhere, reset, change_password, lock, deactivate, lose_a_client]


@pytest.mark.parametrize("end", [log_out, *ENDS_ALL, grow_old, fall_idle, log_in_anew])
async def test_what_ends_a_session_ends_its_tokens(
    provider: House, end: Callable[[House, Browser], Awaitable[None]]
) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser)
    assert await provider.auth.bearer(tokens["access_token"]) is not None
    await end(provider, browser)
    assert await provider.auth.bearer(tokens["access_token"]) is None
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("end", ENDS_ALL)
async def test_offline_access_ends_with_the_epoch(
    provider: House, end: Callable[[House, Browser], Awaitable[None]]
) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser, scope="openid portal offline_access")
    await end(provider, browser)
    assert await provider.auth.bearer(tokens["access_token"]) is None
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("end", [log_out, grow_old, fall_idle])
async def test_offline_access_outlives_the_session(
    provider: House, end: Callable[[House, Browser], Awaitable[None]]
) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser, scope="openid portal offline_access")
    await end(provider, browser)
    assert await provider.auth.bearer(tokens["access_token"]) is not None
    tokens = (await party.refresh(tokens["refresh_token"])).json()
    granted = await provider.auth.bearer(tokens["access_token"])
    assert granted is not None
    assert granted.session is not None
    assert granted.session.login == "100200"


async def test_offline_access_has_an_end_of_its_own(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS, offline_seconds=1000)
    await provider.activate()
    party = RelyingParty(provider)
    tokens = await party.tokens(await provider.log_in(), scope="openid offline_access")
    for _ in range(2):
        (family,) = [key async for key in provider.redis.scan_iter("auth:*:family:*")]
        assert 0 < await provider.redis.pttl(family) <= 1_000_000
        tokens = (await party.refresh(tokens["refresh_token"])).json()


async def test_with_offline_access_the_account_is_asked_for_at_each_refresh(provider: House) -> None:
    """A session ends within hours; without one, a right that was lost must not last for weeks."""
    party = RelyingParty(provider)
    tokens = await party.tokens(await provider.log_in(), scope="openid portal offline_access")
    provider.directory.people["100200"].client_numbers = ("100200",)
    provider.directory.down = True
    answer = await party.refresh(tokens["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    provider.directory.down = False
    tokens = (await party.refresh(tokens["refresh_token"])).json()
    granted = await provider.auth.bearer(tokens["access_token"])
    assert granted is not None
    assert granted.session is not None
    assert granted.session.client_numbers == ("100200",)
    del provider.directory.people["100200"]
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert await provider.auth.bearer(tokens["access_token"]) is None


async def test_use_of_a_token_keeps_its_session_alive(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS, touch_seconds=0)
    await provider.activate()
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser)
    await provider.age_session(browser, seconds=provider.auth.options.idle_seconds - 60, seen=True)
    assert await provider.auth.bearer(tokens["access_token"]) is not None
    await provider.age_session(browser, seconds=120, seen=True)
    assert (await browser.get("/me")).status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", ["", "access_token", "refresh_token", "of_another_world"])
async def test_revoking_any_token_ends_the_family(provider: House, kind: str, hint: str) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens, others = await party.tokens(browser), await party.tokens(browser)
    fields = {"token": tokens[kind], **({"token_type_hint": hint} if hint else {})}
    assert (await party.post("/oauth2/revoke", **fields)).status_code == 200
    assert await provider.auth.bearer(tokens["access_token"]) is None
    assert (await party.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert await provider.auth.bearer(others["access_token"]) is not None
    assert (await browser.get("/me")).status_code == 200
    assert (await party.post("/oauth2/revoke", **fields)).status_code == 200


async def test_a_tool_revokes_one_token(provider: House) -> None:
    tool = RelyingParty(provider, TOOL)
    token, other = await tool.tool_token(), await tool.tool_token()
    assert (await tool.post("/oauth2/revoke", token=token)).status_code == 200
    assert await provider.auth.bearer(token) is None
    assert await provider.auth.bearer(other) is not None
    assert (await tool.post("/oauth2/revoke")).json()["error"] == "invalid_request"
    naked = await tool.http.post("/oauth2/revoke", data={"token": other, "client_id": "tool"})
    assert naked.status_code == 401
