"""The OpenID Basic OP profile, check by check, by the names of the OpenID Foundation's conformance suite.

The client is as the suite's: confidential, without PKCE where the check doesn't ask for it.
"""

from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from auth import Client
from tests.auth.house import ORIGIN, PASSWORD, Browser, House, HouseMaker
from tests.auth.parties import SECRET, SECRET_HASHES, RelyingParty, answer_of

CLIENT = Client(
    client_id="suite",
    name="Suite",
    kind="confidential",
    scopes=frozenset({"openid", "profile", "email", "offline_access"}),
    secret_hashes=SECRET_HASHES,
    redirect_uris=("https://suite.example.com/cb",),
)
NO_PKCE = {"code_challenge": "", "code_challenge_method": ""}


class Suite(RelyingParty):
    """One check's client and its user's browser."""

    def __init__(self, house: House, browser: Browser) -> None:
        super().__init__(house, CLIENT)
        self.house = house
        self.browser = browser

    async def flow(self, **parameters: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Token answer and ID token's claims, verified."""
        code = await self.code(self.browser, **{"scope": "openid", **NO_PKCE, **parameters})
        return await self.tokens_for(code)

    async def tokens_for(self, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
        answer = await self.redeem(code, code_verifier="")
        assert answer.status_code == 200, answer.text
        return answer.json(), await self.id_claims(answer.json()["id_token"])

    async def id_claims(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set((await self.http.get("/oauth2/jwks")).json())
        claims = dict(jwt.decode(token, keys, ["RS256"]).claims)
        assert (claims["iss"], claims["aud"]) == (ORIGIN, "suite")
        return claims

    async def user(self, tokens: dict[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        found: dict[str, Any] = (await self.http.get("/oauth2/userinfo", headers=headers)).json()
        return found

    async def log_in_at(self, answer: httpx2.Response) -> str:
        """Logs in where the answer leads; the code that comes back."""
        page = httpx2.URL(answer.headers["location"])
        assert page.path == "/login"
        await self.browser.get(str(page))
        after = page.params["next"]
        done = await self.browser.post("/login", login="100200", password=PASSWORD, next=after)
        back = await self.browser.get(done.headers["location"])
        return answer_of(back.headers["location"])["code"]


@pytest.fixture
async def suite(houses: HouseMaker) -> Suite:
    house = houses(clients=[CLIENT])
    await house.activate()
    return Suite(house, await house.log_in())


async def test_oidcc_server(suite: Suite) -> None:
    tokens, claims = await suite.flow()
    assert (await suite.user(tokens))["sub"] == claims["sub"]


async def test_oidcc_response_type_missing(suite: Suite) -> None:
    told = answer_of((await suite.authorize(suite.browser, response_type="")).headers["location"])
    assert (told["error"], told["state"]) == ("invalid_request", "st")


@pytest.mark.parametrize(
    "check", ["oidcc-userinfo-get", "oidcc-userinfo-post-header", "oidcc-userinfo-post-body"]
)
async def test_oidcc_userinfo(suite: Suite, check: str) -> None:
    tokens, claims = await suite.flow()
    header = {"authorization": f"Bearer {tokens['access_token']}"}
    answer = await {
        "oidcc-userinfo-get": lambda: suite.http.get("/oauth2/userinfo", headers=header),
        "oidcc-userinfo-post-header": lambda: suite.http.post("/oauth2/userinfo", headers=header),
        "oidcc-userinfo-post-body": lambda: suite.http.post(
            "/oauth2/userinfo", data={"access_token": tokens["access_token"]}
        ),
    }[check]()
    assert answer.json() == {"sub": claims["sub"]}


async def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(suite: Suite) -> None:
    _, claims = await suite.flow(nonce="")
    assert "nonce" not in claims
    _, claims = await suite.flow(nonce="n-0S6_WzA2Mj")
    assert claims["nonce"] == "n-0S6_WzA2Mj"


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid profile", {"name", "preferred_username", "locale"}),
        ("openid email", {"email"}),
        ("openid address", set()),
        ("openid phone", set()),
        ("openid profile email address phone", {"name", "preferred_username", "locale", "email"}),
        ("email openid", {"email"}),
    ],
)
async def test_oidcc_scope(suite: Suite, scope: str, claims: set[str]) -> None:
    """Also oidcc-ensure-other-scope-order-succeeds. Scopes that we don't have are passed over."""
    tokens, _ = await suite.flow(scope=scope)
    assert set(await suite.user(tokens)) == claims | {"sub"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"display": "page"},
        {"display": "popup"},
        {"extra": "foobar"},
        {"acr_values": "1 2"},
        {"claims_locales": "pl"},
        {"ui_locales": "se"},
        {"claims": '{"userinfo":{"name":{"essential":true}}}'},
        {"login_hint": "100200"},
    ],
)
async def test_parameters_that_change_nothing(suite: Suite, parameters: dict[str, str]) -> None:
    """oidcc-display-page, -display-popup, -ensure-request-with-unknown-parameter-succeeds,
    -ensure-request-with-acr-values-succeeds, -claims-locales, -ui-locales, -claims-essential, -login-hint.
    """
    _, claims = await suite.flow(**parameters)
    assert claims["sub"]


async def test_oidcc_prompt_login(suite: Suite) -> None:
    _, first = await suite.flow()
    await suite.house.age_session(suite.browser, seconds=10)
    answer = await suite.authorize(suite.browser, scope="openid", prompt="login", **NO_PKCE)
    _, second = await suite.tokens_for(await suite.log_in_at(answer))
    assert second["sub"] == first["sub"]
    assert second["auth_time"] > first["auth_time"] - 10


async def test_oidcc_prompt_none_not_logged_in(suite: Suite) -> None:
    suite.browser = suite.house.browser()
    told = answer_of((await suite.authorize(suite.browser, prompt="none")).headers["location"])
    assert (told["error"], told["state"]) == ("login_required", "st")


async def test_oidcc_prompt_none_logged_in(suite: Suite) -> None:
    _, first = await suite.flow()
    _, second = await suite.flow(prompt="none")
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


async def test_oidcc_max_age_1(suite: Suite) -> None:
    _, first = await suite.flow()
    await suite.house.age_session(suite.browser, seconds=5)
    answer = await suite.authorize(suite.browser, scope="openid", max_age="1", **NO_PKCE)
    _, second = await suite.tokens_for(await suite.log_in_at(answer))
    assert second["auth_time"] >= first["auth_time"]


async def test_oidcc_max_age_10000(suite: Suite) -> None:
    _, first = await suite.flow()
    _, second = await suite.flow(max_age="10000")
    assert second["auth_time"] == first["auth_time"]


async def test_oidcc_id_token_hint(suite: Suite) -> None:
    tokens, first = await suite.flow()
    _, second = await suite.flow(prompt="none", id_token_hint=tokens["id_token"])
    assert second["sub"] == first["sub"]


async def test_oidcc_codereuse(suite: Suite) -> None:
    """Also oidcc-codereuse-30seconds: the access token is of no use afterwards."""
    code = await suite.code(suite.browser, scope="openid", **NO_PKCE)
    tokens, _ = await suite.tokens_for(code)
    again = await suite.redeem(code, code_verifier="")
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert await suite.user(tokens) == {"error": "invalid_token"}


async def test_oidcc_ensure_registered_redirect_uri(suite: Suite) -> None:
    answer = await suite.authorize(suite.browser, redirect_uri="https://suite.example.com/cb2")
    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_oidcc_ensure_post_request_succeeds(suite: Suite) -> None:
    asked = suite.request(scope="openid", **NO_PKCE)
    to_get = await suite.browser.http.post("/oauth2/authorize", data=asked)
    back = await suite.browser.get(to_get.headers["location"])
    await suite.tokens_for(answer_of(back.headers["location"])["code"])


async def test_oidcc_server_client_secret_post(suite: Suite) -> None:
    code = await suite.code(suite.browser, scope="openid", **NO_PKCE)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CLIENT.redirect_uris[0],
        "client_id": "suite",
        "client_secret": SECRET,
    }
    assert (await suite.http.post("/oauth2/token", data=form)).status_code == 200


async def test_oidcc_request_object_rejected_as_unsupported(suite: Suite) -> None:
    """oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
    oidcc-ensure-request-object-with-redirect-uri.
    """
    told = answer_of((await suite.authorize(suite.browser, request="e30.e30.")).headers["location"])
    assert (told["error"], told["state"]) == ("request_not_supported", "st")


async def test_oidcc_refresh_token(suite: Suite) -> None:
    tokens, first = await suite.flow(scope="openid offline_access")
    newer = (await suite.refresh(tokens["refresh_token"])).json()
    second = await suite.id_claims(newer["id_token"])
    assert [second[name] for name in ("iss", "sub", "aud", "auth_time")] == [
        first[name] for name in ("iss", "sub", "aud", "auth_time")
    ]
    assert second["iat"] >= first["iat"]


async def test_oidcc_ensure_request_with_valid_pkce_succeeds(suite: Suite) -> None:
    code = await suite.code(suite.browser, scope="openid")
    assert (await suite.redeem(code)).status_code == 200
