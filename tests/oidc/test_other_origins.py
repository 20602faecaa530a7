"""CORS: a registered client's page may ask, without cookies; nobody else's may."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.oidc.conftest import ORIGIN, Provider

SHARED = (
    "/graphql", "/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke", "/oauth2/jwks",
    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
)  # fmt: skip
OWN = ("/", "/login", "/oauth2/authorize", "/oauth2/introspect", "/oauth2/end-session", "/healthz")


@pytest.fixture
def http(provider: Provider) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=provider.issuer, trust_env=False) as client:
        yield client


def preflight(http: httpx2.Client, path: str, origin: str, headers: str) -> httpx2.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": headers,
    }
    return http.request("OPTIONS", path, headers=asked)


@pytest.mark.parametrize("path", SHARED)
def test_a_registered_origin_may_ask(http: httpx2.Client, path: str) -> None:
    asked = preflight(http, path, ORIGIN, "authorization,content-type")
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == ORIGIN
    allowed = asked.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "graphql-require-preflight" not in allowed
    assert "access-control-allow-credentials" not in asked.headers
    answer = http.post(path, headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("path", SHARED)
@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "null", ORIGIN + ".example.org", "http://app.example.com"]
)
def test_other_origins_may_not(http: httpx2.Client, path: str, origin: str) -> None:
    for answer in (
        preflight(http, path, origin, "authorization"),
        http.post(path, headers={"Origin": origin}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("path", OWN)
def test_pages_are_for_nobody_else(http: httpx2.Client, path: str) -> None:
    for answer in (
        preflight(http, path, ORIGIN, "authorization"),
        http.get(path, headers={"Origin": ORIGIN}),
    ):
        assert "access-control-allow-origin" not in answer.headers


def test_the_header_that_makes_cookies_count_is_not_for_other_origins(http: httpx2.Client) -> None:
    asked = preflight(http, "/graphql", ORIGIN, "content-type,graphql-require-preflight")
    assert asked.status_code == 400
