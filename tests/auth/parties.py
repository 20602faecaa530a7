"""Clients registered for the tests, and a relying party that speaks to the provider by hand."""

import hashlib
import secrets
from base64 import b64encode, urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from auth import Client
from auth.clients import ClientSecrets
from tests.auth.house import ORIGIN, Browser, House

PEPPER = b"p" * 32
SECRET = "a-secret-that-the-command-would-make"
CALLBACK = "https://app.example.com/callback"
SECRET_HASHES = (ClientSecrets(PEPPER).hash(SECRET),)

APP = Client(
    client_id="app",
    name="Fleet app",
    kind="public",
    scopes=frozenset({"openid", "profile", "email", "offline_access", "portal"}),
    redirect_uris=(CALLBACK, "https://app.example.com/other?kept=1"),
    post_logout_redirect_uris=("https://app.example.com/bye",),
    origins=("https://app.example.com",),
)
SITE = Client(
    client_id="site",
    name="Partner's site",
    kind="confidential",
    scopes=frozenset({"openid", "email"}),
    secret_hashes=SECRET_HASHES,
    redirect_uris=("https://site.example.com/cb",),
)
STRANGER = Client(
    client_id="stranger",
    name="Somebody <else>",
    kind="public",
    scopes=frozenset({"openid", "portal"}),
    redirect_uris=("https://stranger.example.com/cb",),
    consent=True,
)
TOOL = Client(
    client_id="tool",
    name="Reporting",
    kind="tool",
    scopes=frozenset({"contracts:read", "invoices:read"}),
    secret_hashes=SECRET_HASHES,
)
OTHER_TOOL = Client(
    client_id="other-tool",
    name="Dunning",
    kind="tool",
    scopes=frozenset({"invoices:read"}),
    secret_hashes=SECRET_HASHES,
)
CLIENTS = (APP, SITE, STRANGER, TOOL, OTHER_TOOL)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def answer_of(location: str) -> dict[str, str]:
    """The parameters of a redirect."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


class RelyingParty:
    """A client's own server or script, without any browser's cookies."""

    def __init__(self, house: House, client: Client = APP) -> None:
        transport = httpx2.ASGITransport(app=house.app, client=("10.1.0.1", 5000))
        self.http = httpx2.AsyncClient(transport=transport, base_url=ORIGIN)
        self.client = client
        self.verifier = secrets.token_urlsafe(32)

    @property
    def credentials(self) -> dict[str, str]:
        """The header that a confidential client authenticates with."""
        plain = f"{self.client.client_id}:{SECRET}".encode()
        return {"authorization": f"Basic {b64encode(plain).decode()}"} if self.client.secret_hashes else {}

    def request(self, **parameters: str) -> dict[str, str]:
        """The parameters of a right authorization request, changed by the given ones ('' leaves one out)."""
        usual = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uris[0],
            "scope": "openid portal" if self.client is not SITE else "openid email",
            "state": "st",
            "nonce": "no",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **parameters}.items() if value}

    async def authorize(self, browser: Browser, **parameters: str) -> httpx2.Response:
        return await browser.get("/oauth2/authorize", **self.request(**parameters))

    async def code(self, browser: Browser, **parameters: str) -> str:
        """A code for the person who is logged in in the browser."""
        answer = await self.authorize(browser, **parameters)
        assert answer.status_code == 303, answer.text
        return answer_of(answer.headers["location"])["code"]

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        named = {} if self.credentials else {"client_id": self.client.client_id}
        return await self.http.post(path, data={**named, **fields}, headers=self.credentials)

    async def redeem(self, issued: str, **fields: str) -> httpx2.Response:
        usual = {
            "grant_type": "authorization_code",
            "code": issued,
            "redirect_uri": self.client.redirect_uris[0],
            "code_verifier": self.verifier,
        }
        return await self.post("/oauth2/token", **{**usual, **fields})

    async def refresh(self, token: str, **fields: str) -> httpx2.Response:
        return await self.post("/oauth2/token", grant_type="refresh_token", refresh_token=token, **fields)

    async def tokens(self, browser: Browser, **parameters: str) -> dict[str, Any]:
        """The whole code flow."""
        answer = await self.redeem(await self.code(browser, **parameters))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tool_token(self, **fields: str) -> str:
        answer = await self.post("/oauth2/token", grant_type="client_credentials", **fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])
