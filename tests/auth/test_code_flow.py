"""The authorization code flow as a relying party sees it: codes, tokens, refreshing, and what is refused."""

from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.auth.house import ORIGIN, House, HouseMaker
from tests.auth.parties import (
    APP,
    CALLBACK,
    CLIENTS,
    SITE,
    TOOL,
    RelyingParty,
    answer_of,
)


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


async def claims_of(party: RelyingParty, token: str) -> dict[str, Any]:
    """The claims, verified by the published keys."""
    keys = KeySet.import_key_set((await party.http.get("/oauth2/jwks")).json())
    return dict(jwt.decode(token, keys, ["RS256"]).claims)


def error_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def test_the_whole_flow_of_a_public_client(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    answer = await party.authorize(browser, scope="openid profile email portal unknown")
    location = answer.headers["location"]
    assert location.startswith(f"{CALLBACK}?")
    assert answer.headers["cache-control"] == "no-store"
    told = answer_of(location)
    assert told.keys() == {"code", "state", "iss"}
    assert (told["state"], told["iss"]) == ("st", ORIGIN)

    redeemed = await party.redeem(told["code"])
    tokens = redeemed.json()
    assert redeemed.headers["cache-control"] == "no-store"
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 300)
    assert tokens["scope"] == "openid profile email portal"

    granted = await provider.auth.bearer(tokens["access_token"])
    assert granted is not None
    assert granted.session is not None
    assert (granted.client_id, granted.client_name, granted.session.login) == ("app", "Fleet app", "100200")
    assert granted.session.client_numbers == ("100200", "100201")

    claims = await claims_of(party, tokens["id_token"])
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ORIGIN, "app", "no")
    assert claims["sub"] == granted.session.account
    assert claims["auth_time"] == granted.session.auth_time
    assert claims["exp"] - claims["iat"] == 300
    assert claims.keys() >= {"sid", "at_hash"}
    access = await claims_of(party, tokens["access_token"])
    assert (access["aud"], access["client_id"]) == (f"{ORIGIN}/graphql", "app")
    assert access["epoch"] == 1


async def test_the_whole_flow_of_a_confidential_client(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider, SITE)
    tokens = await party.tokens(browser)
    assert tokens["scope"] == "openid email"
    without_pkce = await party.code(browser, code_challenge="", code_challenge_method="")
    assert (await party.redeem(without_pkce, code_verifier="")).status_code == 200
    open_code = await party.code(browser)
    party.client = APP
    assert error_of(await party.redeem(open_code, redirect_uri=SITE.redirect_uris[0])) == (
        400,
        "invalid_grant",
    )
    naked = await party.http.post(
        "/oauth2/token", data={"grant_type": "authorization_code", "client_id": "site", "code": open_code}
    )
    assert error_of(naked) == (401, "invalid_client")


async def test_a_redirect_uri_keeps_its_query(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    answer = await party.authorize(browser, redirect_uri=APP.redirect_uris[1])
    assert answer.headers["location"].startswith("https://app.example.com/other?kept=1&code=")


@pytest.mark.parametrize(
    "parameters",
    [
        {"client_id": "nobody"},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": "https://evil.example.com/ł\"'<script>"},
        {"redirect_uri": SITE.redirect_uris[0]},
    ],
)
async def test_without_a_registered_redirect_uri_a_page_says_so(
    provider: House, parameters: dict[str, str]
) -> None:
    answer = await RelyingParty(provider).authorize(await provider.log_in(), **parameters)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "script>" not in answer.text.partition("<main")[2]
    assert answer.headers["content-language"] == "pl"


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token\u0142"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "payments:read"}, "invalid_scope"),
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"request_uri": "https://x.example.com"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"id_token_hint": "x.y.z"}, "invalid_request"),
        ({"state": "s" * 4000}, "invalid_request"),
    ],
)
async def test_errors_are_told_to_the_client(provider: House, parameters: dict[str, str], error: str) -> None:
    answer = await RelyingParty(provider).authorize(await provider.log_in(), **parameters)
    assert answer.status_code == 303
    told = answer_of(answer.headers["location"])
    assert (told["error"], told["iss"]) == (error, ORIGIN)
    assert told["state"] == parameters.get("state", "st")
    assert "code" not in told


async def test_a_tool_has_no_authorization_endpoint(provider: House) -> None:
    answer = await RelyingParty(provider, APP).authorize(await provider.log_in(), client_id=TOOL.client_id)
    assert answer.status_code == 400


async def test_a_repeated_parameter_is_refused(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    for extra, status in (("&scope=portal", 303), ("&unknown=1&unknown=2", 303), ("&client_id=app", 400)):
        query = str(httpx2.QueryParams(party.request())) + extra
        answer = await browser.http.get(f"/oauth2/authorize?{query}")
        assert answer.status_code == status
        if status == 303:
            assert answer_of(answer.headers["location"])["error"] == "invalid_request"


async def test_a_posted_request_is_asked_again_by_get(provider: House) -> None:
    """The session's cookie is SameSite=Lax: it comes with a navigation, but not with another site's POST."""
    browser, party = await provider.log_in(), RelyingParty(provider)
    answer = await party.http.post("/oauth2/authorize", data=party.request())
    assert answer.status_code == 303
    answer = await browser.http.get(answer.headers["location"])
    assert "code" in answer_of(answer.headers["location"])


@pytest.mark.parametrize(
    "fields",
    [
        {"code_verifier": ""},
        {"code_verifier": "x" * 43},
        {"code_verifier": "ł"},
        {"redirect_uri": APP.redirect_uris[1]},
        {"redirect_uri": ""},
        {"code": "x"},
        {"code": ""},
    ],
)
async def test_a_code_needs_all_that_belongs_to_it(provider: House, fields: dict[str, str]) -> None:
    party = RelyingParty(provider)
    answer = await party.redeem(await party.code(await provider.log_in()), **fields)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


async def test_a_verifier_without_a_challenge_is_refused(provider: House) -> None:
    """RFC 9700 §2.1.1: else an attacker could take PKCE out of the request."""
    party = RelyingParty(provider, SITE)
    code = await party.code(await provider.log_in(), code_challenge="", code_challenge_method="")
    assert error_of(await party.redeem(code)) == (400, "invalid_request")


async def test_a_code_lasts_a_minute(provider: House) -> None:
    party = RelyingParty(provider)
    code = await party.code(await provider.log_in())
    family = f"auth:{{{code.split('.')[0]}}}:family:{code.split('.')[1]}"
    assert 55_000 < await provider.redis.pttl(family) <= 60_000
    await provider.redis.delete(family)  # as the store does when the minute is over
    assert error_of(await party.redeem(code)) == (400, "invalid_grant")


async def test_a_replayed_code_ends_what_came_from_it(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    code = await party.code(browser)
    tokens = (await party.redeem(code)).json()
    assert error_of(await party.redeem(code)) == (400, "invalid_grant")
    assert await provider.auth.bearer(tokens["access_token"]) is None
    assert error_of(await party.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert (await browser.get("/me")).status_code == 200


async def test_a_made_up_code_ends_nothing(provider: House) -> None:
    party = RelyingParty(provider)
    code = await party.code(await provider.log_in())
    tokens = (await party.redeem(code)).json()
    await party.redeem(code[:-4] + "AAAA")
    await party.refresh(tokens["refresh_token"][:-4] + "AAAA")
    assert await provider.auth.bearer(tokens["access_token"]) is not None


async def test_refreshing(provider: House) -> None:
    party = RelyingParty(provider)
    first = await party.tokens(await provider.log_in())
    second = (await party.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    for tokens in (first, second):
        assert await provider.auth.bearer(tokens["access_token"]) is not None
    before, after = [await claims_of(party, each["id_token"]) for each in (first, second)]
    assert after["auth_time"] == before["auth_time"]
    assert after["sub"] == before["sub"]
    assert "nonce" not in after


async def test_a_refresh_may_ask_for_less_and_a_refused_scope_costs_no_token(provider: House) -> None:
    party = RelyingParty(provider)
    tokens = await party.tokens(await provider.log_in())
    assert error_of(await party.refresh(tokens["refresh_token"], scope="email")) == (400, "invalid_scope")
    less = (await party.refresh(tokens["refresh_token"], scope="openid")).json()
    granted = await provider.auth.bearer(less["access_token"])
    assert granted is not None
    assert granted.scopes == {"openid"}


async def test_a_refresh_token_used_twice_ends_the_family(provider: House) -> None:
    party = RelyingParty(provider)
    first = await party.tokens(await provider.log_in())
    second = (await party.refresh(first["refresh_token"])).json()
    assert error_of(await party.refresh(first["refresh_token"])) == (400, "invalid_grant")
    assert error_of(await party.refresh(second["refresh_token"])) == (400, "invalid_grant")
    assert await provider.auth.bearer(second["access_token"]) is None


async def test_another_client_can_not_use_or_end_it(provider: House) -> None:
    party = RelyingParty(provider)
    tokens = await party.tokens(await provider.log_in())
    other = RelyingParty(provider, SITE)
    assert error_of(await other.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    for token in (tokens["refresh_token"], tokens["access_token"]):
        assert (await other.post("/oauth2/revoke", token=token)).status_code == 200
        assert (await other.post("/oauth2/introspect", token=token)).json() == {"active": False}
    assert (await party.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_code_is_no_refresh_token_nor_the_other_way_round(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    code = await party.code(browser)
    assert error_of(await party.refresh(code)) == (400, "invalid_grant")
    tokens = (await party.redeem(code)).json()
    assert error_of(await party.redeem(tokens["refresh_token"])) == (400, "invalid_grant")
