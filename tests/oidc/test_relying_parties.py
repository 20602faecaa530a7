"""Relying parties that others wrote, against a real gateway: openid-client, oauth4webapi, Authlib."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.oidc.conftest import CALLBACK, Provider

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LOGIN = "0010013"


def node() -> str:
    """The machine's node, or the one that the Makefile fetched; without it a test is skipped."""
    found = shutil.which("node") or shutil.which(ROOT / ".tools" / "node" / "bin" / "node")
    if found is None or not (HERE / "node_modules" / "openid-client").is_dir():
        pytest.skip("needs Node.js and `npm ci` in tests/oidc; `make test` sees to both where it can")
    return found


@pytest.fixture
def person(provider: Provider, backoffice: Sandbox) -> Iterator[Person]:
    with Person(provider.gateway, backoffice) as somebody:
        somebody.browser.base_url = httpx2.URL(provider.issuer)
        somebody.browser.headers["Origin"] = provider.issuer
        yield somebody


def follow(person: Person, url: str) -> str:
    """Opens a client's link as somebody who is not logged in yet; where the gateway sends them back to."""
    to_login = person.browser.get(url)
    assert to_login.status_code == 303
    page = to_login.headers["location"]
    assert page.startswith("/login?")
    person.enter(LOGIN)
    again = person.browser.get(url)
    assert again.status_code == 303, again.text
    back = str(again.headers["location"])
    assert back.startswith(f"{CALLBACK}?")
    return back


class Script:
    """A running relying party."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait(10)
            assert self._process.stderr is not None
            raise AssertionError(self._process.stderr.read())
        found: dict[str, Any] = json.loads(line)
        return found

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


@contextmanager
def script(name: str, *arguments: str) -> Iterator[Script]:
    pipe = subprocess.PIPE
    command = [node(), str(HERE / name), *arguments]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=HERE) as process:
        try:
            yield Script(process)
        finally:
            process.kill()


@pytest.mark.parametrize("client", ["app", "site"])
def test_openid_client(provider: Provider, person: Person, client: str) -> None:
    secret = provider.secrets[client]
    with script("openid_client.mjs", provider.issuer, client, secret) as party:
        party.tell(follow(person, party.told()["url"]))
        got = party.told()
    assert got["user"]["preferred_username"] == LOGIN
    assert got["user"]["email"] == person.email(LOGIN)
    assert got["scope"] == "openid profile email portal offline_access"
    assert got["afterwards"] == "invalid_token"
    if secret:
        assert got["introspected"]["active"] is True
    answer = person.browser.get(got["logout"])
    assert answer.headers["location"] == "https://app.example.com/bye"
    assert person.browser.get("/sessions").headers["location"].startswith("/login")


def test_oauth4webapi(provider: Provider, person: Person) -> None:
    with script("oauth4webapi.mjs", provider.issuer, "app", provider.secrets["reports"]) as party:
        party.tell(follow(person, party.told()["url"]))
        got = party.told()
    assert got["sameIssuer"] is True
    assert got["user"] == {"sub": got["access"]["sub"], "email": person.email(LOGIN)}
    assert (got["access"]["client_id"], got["access"]["scope"]) == ("app", "openid email portal")
    assert (got["tool"]["client_id"], got["tool"]["scope"]) == ("reports", "contracts:read")
    assert (got["replayed"], got["refused"]) == ("invalid_grant", "invalid_grant")


def test_authlibs_client(provider: Provider, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", httpx2)  # which continues it under another name
    from authlib.integrations.httpx_client import OAuth2Client

    about = httpx2.get(f"{provider.issuer}/.well-known/openid-configuration", trust_env=False).json()
    with OAuth2Client(
        "site",
        provider.secrets["site"],
        scope="openid email portal",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint=about["token_endpoint"],
        trust_env=False,
    ) as party:
        verifier = "v" * 50
        url, state = party.create_authorization_url(about["authorization_endpoint"], code_verifier=verifier)
        tokens = party.fetch_token(
            authorization_response=follow(person, url), state=state, code_verifier=verifier
        )
        user = party.get(about["userinfo_endpoint"]).json()
        assert user == {"sub": user["sub"], "email": person.email(LOGIN)}
        first_refresh_token = tokens["refresh_token"]
        newer = party.refresh_token()
        assert newer["refresh_token"] != first_refresh_token
        told = party.introspect_token(about["introspection_endpoint"], token=newer["access_token"]).json()
        assert (told["active"], told["sub"]) == (True, user["sub"])
        assert (
            party.revoke_token(about["revocation_endpoint"], token=newer["refresh_token"]).status_code == 200
        )
        assert party.get(about["userinfo_endpoint"]).status_code == 401

    with OAuth2Client("reports", provider.secrets["reports"], trust_env=False) as tool:
        granted = tool.fetch_token(about["token_endpoint"], grant_type="client_credentials")
        assert granted["scope"] == "contracts:read invoices:read"
