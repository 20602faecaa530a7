"""What the store keeps in its memory of keys that it watches: none for who is not recalled."""

import pytest

from tests.auth.house import House, HouseMaker
from tests.auth.parties import CLIENTS, TOOL, RelyingParty


@pytest.fixture(autouse=True)
def all_known() -> None:
    """Here none is."""


async def watched(house: House) -> int:
    return int((await house.redis.info("stats"))["tracking_total_keys"])


async def test_none_of_a_session_that_was_made_up(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    before = await watched(house)
    for number in range(10):
        stranger = house.browser(cookie=f"lg_session={number:032x}.{'A' * 43}")
        assert [(await stranger.get("/me")).status_code for _ in range(2)] == [401, 401]
    assert await watched(house) == before
    for _ in range(2):
        assert (await browser.get("/me")).status_code == 200
    assert await watched(house) > before


async def test_none_of_a_token_that_is_used_once(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS)
    tool = RelyingParty(provider, TOOL)
    tokens = [await tool.tool_token() for _ in range(3)]
    before = await watched(provider)
    for token in tokens:
        assert await provider.auth.bearer(token) is not None
        assert await provider.auth.bearer(token, touch=False) is not None
    assert await watched(provider) == before
    assert await provider.auth.bearer(tokens[0]) is not None
    assert await watched(provider) == before + 1
