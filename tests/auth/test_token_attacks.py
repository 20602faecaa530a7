"""Tokens under attack: used many times at once, replayed over a restart of the store."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx2
import pytest
from redis.asyncio import Redis

from tests.auth.house import House, HouseMaker
from tests.auth.parties import CLIENTS, RelyingParty
from tests.auth.restarting import opened


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


def successes(answers: list[httpx2.Response]) -> list[str]:
    """The access tokens that were given out; every other answer is invalid_grant."""
    refused = [answer.json()["error"] for answer in answers if answer.status_code != 200]
    assert set(refused) <= {"invalid_grant"}
    return [answer.json()["access_token"] for answer in answers if answer.status_code == 200]


async def test_one_of_many_redemptions_at_once_succeeds_and_its_tokens_die(provider: House) -> None:
    party = RelyingParty(provider)
    code = await party.code(await provider.log_in())
    given = successes(await asyncio.gather(*(party.redeem(code) for _ in range(20))))
    assert len(given) == 1
    assert await provider.auth.bearer(given[0]) is None
    assert successes([await party.redeem(code)]) == []


async def test_one_of_many_refreshes_at_once_succeeds_and_its_tokens_die(provider: House) -> None:
    party = RelyingParty(provider)
    first = await party.tokens(await provider.log_in())
    given = successes(await asyncio.gather(*(party.refresh(first["refresh_token"]) for _ in range(20))))
    assert len(given) <= 1
    for token in (*given, first["access_token"]):
        assert await provider.auth.bearer(token) is None
    assert successes([await party.refresh(first["refresh_token"])]) == []


async def test_two_gateways_at_once_are_as_one(provider: House, houses: HouseMaker) -> None:
    parties = [RelyingParty(provider), RelyingParty(houses(clients=CLIENTS))]
    parties[1].verifier = parties[0].verifier
    code = await parties[0].code(await provider.log_in())
    given = successes(await asyncio.gather(*(parties[turn % 2].redeem(code) for turn in range(20))))
    assert len(given) == 1
    assert await provider.auth.bearer(given[0]) is None


async def test_what_a_code_was_not_made_for_can_not_be_had_at_once(provider: House) -> None:
    """Wrong verifiers use nothing up; the right one among them is served once."""
    party = RelyingParty(provider)
    code = await party.code(await provider.log_in())
    wrong = [party.redeem(code, code_verifier="x" * 43) for _ in range(10)]
    assert successes(await asyncio.gather(*wrong)) == []
    assert len(successes([await party.redeem(code)])) == 1


async def test_a_logout_wins_over_refreshes_at_once(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = [await party.tokens(browser) for _ in range(10)]
    await browser.get("/sessions")
    answers = await asyncio.gather(
        *(party.refresh(each["refresh_token"]) for each in tokens[:5]),
        browser.post("/sessions", everywhere="1"),
        *(party.refresh(each["refresh_token"]) for each in tokens[5:]),
    )
    answers.pop(5)
    for token in successes(answers):
        assert await provider.auth.bearer(token) is None


async def test_keys_are_made_once_by_many_gateways_at_once(redis: Redis, houses: HouseMaker) -> None:
    await redis.flushall()
    gateways = [houses(clients=CLIENTS) for _ in range(5)]
    rings = await asyncio.gather(*(each.auth.signing_keys.ring() for each in gateways))
    assert len({str(ring.jwks) for ring in rings}) == 1


async def test_a_restart_of_the_store_forgets_no_use(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.activate()
        browser, party = await house.log_in(), RelyingParty(house)
        used, unused, replayed = [await party.code(browser) for _ in range(3)]
        tokens = (await party.redeem(used)).json()
        newer = (await party.refresh(tokens["refresh_token"])).json()
        others = (await party.redeem(replayed)).json()
        await party.redeem(replayed)
        tool = await RelyingParty(house, CLIENTS[3]).tool_token()
        await RelyingParty(house, CLIENTS[3]).post("/oauth2/revoke", token=tool)
    async with opened(tmp_path) as house:
        again = RelyingParty(house)
        again.verifier = party.verifier
        assert await house.auth.bearer(newer["access_token"]) is not None
        assert await house.auth.bearer(others["access_token"]) is None
        assert await house.auth.bearer(tool) is None
        assert len(successes([await again.redeem(unused)])) == 1
        assert successes([await again.refresh(tokens["refresh_token"])]) == []
        assert await house.auth.bearer(newer["access_token"]) is None


async def test_requests_cut_off_in_the_middle_use_a_token_up_or_not(provider: House) -> None:
    """A client that hangs up gets no answer; its token was used or was not, and never gives two successes."""
    party = RelyingParty(provider)
    results: Counter[int] = Counter()
    for pause in range(8):
        code = await party.code(await provider.log_in())
        cut = asyncio.ensure_future(party.redeem(code))
        await asyncio.sleep(pause / 1000)
        cut.cancel()
        first = await asyncio.gather(cut, return_exceptions=True)
        second = await party.redeem(code)
        served = isinstance(first[0], httpx2.Response) and first[0].status_code == 200
        assert not (served and second.status_code == 200)
        results[second.status_code] += 1
    assert set(results) <= {200, 400}
