"""Where codes, tokens and clients' secrets must not be, nor the names of files that people upload."""

import json
import secrets
from typing import Any
from urllib.parse import quote, quote_plus

import httpx2

from tests.auth.parties import challenge_of
from tests.gateway.test_credential_secrets import everything
from tests.harness.files import PDF
from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.harness.uploads import uploaded
from tests.oidc.conftest import CALLBACK, ORIGIN, Provider, leasegraph

LOGIN = "0010012"
WRONG_SECRET = "a-secret-of-somebody-elses-making-0123456789"
FILE_NAME = "Wypis Jana Niezłomnego.pdf"
END_SESSION = "/oauth2/end-session"


class Run:
    """Clients at work; every secret that they came to hold is kept."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.held: set[str] = {*filter(None, provider.secrets.values()), WRONG_SECRET}

    def post(self, path: str, client: str, secret: str = "", **form: str) -> httpx2.Response:
        """As a client with its secret, a wrong one, or none."""
        secret = secret or self.provider.secrets[client]
        if not secret:
            form["client_id"] = client
        return httpx2.post(
            f"{self.provider.issuer}/oauth2/{path}",
            data=form,
            auth=(client, secret) if secret else None,
            trust_env=False,
        )

    def tokens(self, client: str, secret: str = "", **form: str) -> dict[str, Any]:
        answer = self.post("token", client, secret, **form)
        found: dict[str, Any] = answer.json()
        self.held |= {str(text) for name, text in found.items() if name.endswith("_token")}
        return found

    def code_flow(self, person: Person, client: str) -> dict[str, Any]:
        """All that a client does with a person's login."""
        verifier, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        asked = {
            "response_type": "code", "client_id": client, "redirect_uri": CALLBACK, "nonce": nonce,
            "scope": "openid portal offline_access", "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256", "state": secrets.token_urlsafe(16),
        }  # fmt: skip
        back = person.browser.get(f"{self.provider.issuer}/oauth2/authorize", params=asked)
        code = httpx2.URL(back.headers["location"]).params["code"]
        self.held |= {code, verifier, asked["state"]}
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        assert self.post("token", client, **form, code_verifier="x" * 43).status_code == 400
        tokens = self.tokens(client, **form, code_verifier=verifier)
        refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        return {**self.tokens(client, **refresh), "used": tokens["refresh_token"]}


def test_no_token_in_anything_that_a_run_writes(provider: Provider, backoffice: Sandbox) -> None:
    """Not in logs at DEBUG, nor in the store, the audit, or what commands print."""
    run = Run(provider)
    with Person(provider.gateway, backoffice) as person:
        person.browser.base_url = httpx2.URL(provider.issuer)
        person.browser.headers["Origin"] = provider.issuer
        person.enter(LOGIN)
        used = run.code_flow(person, "app")["used"]
        again = run.post("token", "app", grant_type="refresh_token", refresh_token=used)
        assert again.json()["error"] == "invalid_grant"
        tokens = run.code_flow(person, "site")
        bearer = {"Authorization": f"Bearer {run.code_flow(person, 'site')['access_token']}"}
        query = {"query": "{ viewer { user { login } } }"}
        for path in ("/graphql", "/oauth2/userinfo"):
            body = query if path == "/graphql" else None
            answer = httpx2.post(provider.issuer + path, json=body, headers=bearer, trust_env=False)
            assert answer.status_code == 200, answer.text
        for name in ("access_token", "refresh_token"):
            run.post("introspect", "site", token=tokens[name])
            run.post("revoke", "site", token=tokens[name])
        tool = run.tokens("reports", grant_type="client_credentials")["access_token"]
        graph = {"query": '{ contracts(filter: {number: "LO/2025/000001"}) { nodes { id } } }'}
        httpx2.post(
            f"{provider.issuer}/graphql",
            json=graph,
            headers={"Authorization": f"Bearer {tool}"},
            trust_env=False,
        )
        run.post("introspect", "reports", token=tool)
        for client in ("reports", "site"):
            assert run.post("token", client, WRONG_SECRET, grant_type="client_credentials").status_code == 401
        assert uploaded(person, LOGIN, FILE_NAME, PDF)["fileName"] == FILE_NAME
        ended = person.browser.get(
            END_SESSION,
            params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": f"{ORIGIN}/bye"},
        )
        assert ended.status_code == 303
    shown = leasegraph(provider.gateway.folder, "audit", "show")
    assert shown.returncode == 0, shown.stderr
    for event in ("authorization", "tokens.reuse", "tokens.end", "tool.token", "client.refused"):
        assert event in shown.stdout
    assert len(run.held) >= 20

    written = everything(provider.gateway.folder)
    assert b'"path":"/oauth2/token"' in written["gateway.log"]
    assert any(name.endswith(".aof") and b":family:" in content for name, content in written.items())
    written["audit show"] = (shown.stdout + shown.stderr).encode()
    for secret in {*run.held, FILE_NAME, "Niezłomn", *(each.rpartition(".")[2] for each in run.held)}:
        forms = (secret, json.dumps(secret)[1:-1], quote(secret), quote_plus(secret))
        assert not [
            name for name, content in written.items() if any(form.encode() in content for form in forms)
        ]
