"""The keys that sign tokens: shared, encrypted at rest, rotated without a refused token."""

import logging

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from redis.asyncio import Redis

from auth import StoreUnavailable
from auth.tokens.signing_keys import STORED_AT
from tests.auth.house import House, HouseMaker
from tests.auth.parties import CLIENTS, TOOL, RelyingParty


@pytest.fixture(autouse=True)
async def without_keys(redis: Redis) -> None:
    """Other tests keep theirs."""
    await redis.delete(STORED_AT)


async def published(house: House) -> list[str]:
    keys = (await RelyingParty(house).http.get("/oauth2/jwks")).json()["keys"]
    assert all(key.keys() == {"kty", "kid", "use", "alg", "n", "e"} for key in keys)
    return [key["kid"] for key in keys]


async def signer_of(house: House) -> str:
    """Which key signs: seen from several tokens, for a set of keys could be signed with at random."""
    tool = RelyingParty(house, TOOL)
    keys = KeySet.import_key_set((await tool.http.get("/oauth2/jwks")).json())
    kids = {jwt.decode(await tool.tool_token(), keys, ["RS256"]).header["kid"] for _ in range(5)}
    assert len(kids) == 1
    return str(kids.pop())


async def test_private_keys_are_not_readable_in_the_store(houses: HouseMaker, redis: Redis) -> None:
    house = houses(clients=CLIENTS)
    await signer_of(house)
    kept = await redis.get(STORED_AT)
    assert kept is not None
    assert b'"d"' not in kept
    assert b'"kty"' not in kept


async def test_a_rotation_refuses_no_token_and_surprises_nobody(houses: HouseMaker) -> None:
    one, other = houses(clients=CLIENTS), houses(clients=CLIENTS, key_reading_seconds=0)
    before = await published(one)
    old_signer = await signer_of(one)
    old_token = await RelyingParty(one, TOOL).tool_token()
    assert await other.auth.bearer(old_token) is not None

    new_signer = await one.auth.signing_keys.rotate()
    assert new_signer != old_signer
    assert new_signer in before
    for house in (one, other):
        assert await signer_of(house) == new_signer
        assert await house.auth.bearer(old_token) is not None
        assert {old_signer, new_signer} < set(await published(house))
    assert len(await published(one)) == 3


async def test_a_gateway_that_has_not_heard_of_it_goes_on(houses: HouseMaker) -> None:
    one, late = houses(clients=CLIENTS), houses(clients=CLIENTS, key_reading_seconds=3600)
    await signer_of(late)
    await one.auth.signing_keys.rotate()
    assert await one.auth.bearer(await RelyingParty(late, TOOL).tool_token()) is not None
    assert await late.auth.bearer(await RelyingParty(one, TOOL).tool_token()) is not None


async def test_retired_keys_go_in_the_end(houses: HouseMaker) -> None:
    house, later = houses(clients=CLIENTS), houses(clients=CLIENTS, retired_key_seconds=0)
    token = await RelyingParty(house, TOOL).tool_token()
    await house.auth.signing_keys.rotate()
    assert len(await published(house)) == 3
    assert await house.auth.bearer(token) is not None
    assert len(await published(later)) == 2
    assert await later.auth.bearer(token) is None


async def test_leaked_keys_go_at_once(houses: HouseMaker) -> None:
    house, other = houses(clients=CLIENTS), houses(clients=CLIENTS, key_reading_seconds=0)
    before = await published(house)
    token = await RelyingParty(house, TOOL).tool_token()
    await house.auth.signing_keys.rotate(leaked=True)
    for each in (house, other):
        assert await each.auth.bearer(token) is None
        assert not set(await published(each)) & set(before)
        assert await each.auth.bearer(await RelyingParty(each, TOOL).tool_token()) is not None


async def test_another_installations_secret_opens_nothing_and_spoils_nothing(
    houses: HouseMaker, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await signer_of(houses(clients=CLIENTS))
    kept = await redis.get(STORED_AT)
    stranger = houses(clients=CLIENTS, pepper=b"q" * 32)
    with caplog.at_level(logging.ERROR), pytest.raises(StoreUnavailable):
        await stranger.auth.bearer("x")
    assert "can't be read" in caplog.text
    assert (await RelyingParty(stranger).http.get("/oauth2/jwks")).status_code == 503
    assert await redis.get(STORED_AT) == kept


async def test_nothing_secret_is_logged(houses: HouseMaker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    house = houses(clients=CLIENTS)
    await house.activate()
    party = RelyingParty(house)
    code = await party.code(await house.log_in())
    tokens = (await party.redeem(code)).json()
    newer = (await party.refresh(tokens["refresh_token"])).json()
    await RelyingParty(house, TOOL).tool_token()
    secrets = [code, *(each[kind] for each in (tokens, newer) for kind in ("access_token", "refresh_token"))]
    written = "\n".join(record.getMessage() for record in caplog.records)
    audit = str(await house.redis.xrange("audit"))
    assert not [secret for secret in secrets if secret in written or secret in audit]
    assert "Issue token" not in written
