"""The graph, asked with tokens that the provider gave: for a user, and by a tool."""

import httpx2

from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.oidc.conftest import CALLBACK, Provider


def graph(provider: Provider, token: str, query: str) -> httpx2.Response:
    return httpx2.post(
        f"{provider.issuer}/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )


def token_for(provider: Provider, person: Person, scope: str) -> dict[str, str]:
    """The code flow of the client `site`, for somebody who is logged in."""
    asked = {"response_type": "code", "client_id": "site", "redirect_uri": CALLBACK, "scope": scope}
    back = person.browser.get(f"{provider.issuer}/oauth2/authorize", params=asked).headers["location"]
    answer = httpx2.post(
        f"{provider.issuer}/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": httpx2.URL(back).params["code"],
            "redirect_uri": CALLBACK,
        },
        auth=("site", provider.secrets["site"]),
        trust_env=False,
    )
    found: dict[str, str] = answer.json()
    return found


def test_a_user_through_a_client(provider: Provider, backoffice: Sandbox) -> None:
    with Person(provider.gateway, backoffice) as person:
        person.browser.base_url = httpx2.URL(provider.issuer)
        person.browser.headers["Origin"] = provider.issuer
        person.enter("0010013")
        tokens = token_for(provider, person, "openid portal")
        query = "{ viewer { user { login } } }"
        answer = graph(provider, tokens["access_token"], query)
        assert answer.json() == {"data": {"viewer": {"user": {"login": "0010013"}}}}
        narrow = token_for(provider, person, "openid")
        assert graph(provider, narrow["access_token"], query).status_code == 403
        assert graph(provider, tokens["id_token"], query).status_code == 401
        person.submit("/sessions", everywhere="1")
        assert graph(provider, tokens["access_token"], query).status_code == 401


def test_a_tool(provider: Provider) -> None:
    answer = httpx2.post(
        f"{provider.issuer}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "contracts:read"},
        auth=("reports", provider.secrets["reports"]),
        trust_env=False,
    )
    token = answer.json()["access_token"]
    found = graph(provider, token, "{ contracts(first: 1) { nodes { number } } }").json()
    assert "errors" not in found, found
    assert len(found["data"]["contracts"]["nodes"]) == 1
    refused = graph(provider, token, "{ invoices(first: 1) { nodes { number } } }").json()
    assert refused["errors"]
