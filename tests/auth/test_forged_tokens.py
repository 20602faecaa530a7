"""Tokens that somebody made up, or that are good for something else, open nothing."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from tests.auth.house import House, HouseMaker
from tests.auth.parties import CLIENTS, TOOL, RelyingParty


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


def _part(content: dict[str, Any] | bytes) -> str:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(text).decode().rstrip("=")


Forge = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], str]
"""A token out of a right one's header and claims, and the published key that it names."""


def unsigned(head: dict[str, Any], claims: dict[str, Any], _: dict[str, Any]) -> str:
    return f"{_part({**head, 'alg': 'none'})}.{_part(claims)}."


def signed_with_the_public_key(head: dict[str, Any], claims: dict[str, Any], key: dict[str, Any]) -> str:
    """As a secret: the confusion of HS256 with RS256. By hand, since joserfc takes no such secret."""
    signed = f"{_part({**head, 'alg': 'HS256'})}.{_part(claims)}"
    secret = RSAKey.import_key(key).as_pem(private=False)
    return f"{signed}.{_part(hmac.digest(secret, signed.encode(), 'sha256'))}"


def signed_with_the_modulus(head: dict[str, Any], claims: dict[str, Any], key: dict[str, Any]) -> str:
    secret = OctKey.import_key({"kty": "oct", "k": key["n"]})
    return jws.serialize_compact({**head, "alg": "HS256"}, json.dumps(claims), secret, ["HS256"])


def signed_with_a_key_of_their_own(head: dict[str, Any], claims: dict[str, Any], _: dict[str, Any]) -> str:
    return jwt.encode(head, claims, RSAKey.generate_key(2048), ["RS256"])


def with_their_key_in_the_header(_: dict[str, Any], claims: dict[str, Any], __: dict[str, Any]) -> str:
    own = RSAKey.generate_key(2048)
    public = {name: str(value) for name, value in own.as_dict(private=False).items()}
    return jwt.encode({"alg": "RS256", "typ": "at+jwt", "jwk": public}, claims, own, ["RS256"])


def with_another_key_id(head: dict[str, Any], claims: dict[str, Any], _: dict[str, Any]) -> str:
    made_up = {**head, "kid": "../../dev/null"}
    return jwt.encode(made_up, claims, RSAKey.generate_key(2048), ["RS256"])


@pytest.mark.parametrize(
    "forge",
    [
        unsigned,
        signed_with_the_public_key,
        signed_with_the_modulus,
        signed_with_a_key_of_their_own,
        with_their_key_in_the_header,
        with_another_key_id,
    ],
)
async def test_a_forged_token_grants_nothing(provider: House, forge: Forge) -> None:
    party = RelyingParty(provider)
    token = (await party.tokens(await provider.log_in()))["access_token"]
    key = (await party.http.get("/oauth2/jwks")).json()["keys"][0]
    head = jws.extract_compact(token.encode()).headers()
    claims = json.loads(jws.extract_compact(token.encode()).payload)
    forged = forge(head, claims, key)
    assert await provider.auth.bearer(forged) is None
    assert (await party.post("/oauth2/revoke", token=forged)).status_code == 200
    assert await provider.auth.bearer(token) is not None, "what a forged token names can not be ended by it"


async def test_what_is_good_for_something_else_is_no_access_token(provider: House) -> None:
    party = RelyingParty(provider)
    tokens = await party.tokens(await provider.log_in())
    code = await party.code(await provider.log_in())
    for other in (tokens["id_token"], tokens["refresh_token"], code):
        assert await provider.auth.bearer(other) is None


async def test_a_tools_token_is_nobodys_session(provider: House) -> None:
    granted = await provider.auth.bearer(await RelyingParty(provider, TOOL).tool_token())
    assert granted is not None
    assert granted.session is None
    assert not granted.scopes & {"openid", "portal"}


async def test_two_authorization_headers_are_refused(provider: House) -> None:
    """A proxy may have checked the one that we don't read."""
    party = RelyingParty(provider)
    token = (await party.tokens(await provider.log_in()))["access_token"]
    twice = [("authorization", f"Bearer {token}"), ("authorization", "Bearer other")]
    for headers in (twice, twice[::-1]):
        assert (await party.http.get("/oauth2/userinfo", headers=headers)).status_code == 400


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com/callback#fragment",
        "https://app.example.com/callback%2f",
        "https://app.example.com/./callback",
        "https://app.example.com//callback",
        "https://app.example.com:443/callback",
        "https://APP.example.com/callback",
        "https://app.example.com.evil.example/callback",
        "https://app.example.com@evil.example/callback",
        "https://evil.example/https://app.example.com/callback",
        "https://app.example.com/callback\\@evil.example",
        "https://app.example.com/callback\r\nlocation: https://evil.example",
        " https://app.example.com/callback",
        "http://app.example.com/callback",
        "http://localhost:4711/callback",
        "javascript:alert(1)",
    ],
)
async def test_a_redirect_uri_is_the_registered_one_to_the_letter(provider: House, uri: str) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    for prompt in ("", "none"):
        answer = await party.authorize(browser, redirect_uri=uri, prompt=prompt)
        assert answer.status_code == 400
        assert "location" not in answer.headers
    code = await party.code(browser)
    assert (await party.redeem(code, redirect_uri=uri)).json()["error"] == "invalid_grant"


async def test_answers_with_tokens_are_not_kept(provider: House) -> None:
    party = RelyingParty(provider)
    answers = [
        await party.redeem(await party.code(await provider.log_in())),
        await party.refresh("x"),
        await party.post("/oauth2/revoke", token="x"),
        await RelyingParty(provider, TOOL).post("/oauth2/introspect", token="x"),
    ]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 4
