"""Streams opened with the provider's own tokens end with them, as do those of an account that is locked."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.harness.streams import open_socket
from tests.oidc.conftest import Provider, leasegraph
from tests.oidc.test_graph_callers import token_for

FOLLOW = "subscription { invoiceChanged { number } }"
LOGIN = "0010013"


def user(provider: Provider, person: Person) -> tuple[str, tuple[str, str]]:
    """A token, and the credentials of whoever holds it."""
    person.enter(LOGIN)
    token = token_for(provider, person, "openid portal")["access_token"]
    return token, ("site", provider.secrets["site"])


def tool(provider: Provider, _person: Person) -> tuple[str, tuple[str, str]]:
    held = ("reports", provider.secrets["reports"])
    asked = {"grant_type": "client_credentials", "scope": "invoices:read"}
    answer = httpx2.post(f"{provider.issuer}/oauth2/token", data=asked, auth=held, trust_env=False)
    return answer.json()["access_token"], held


@pytest.mark.parametrize("holder", [user, tool])
async def test_a_revoked_token_ends_its_streams(
    holder: Callable[[Provider, Person], tuple[str, tuple[str, str]]], provider: Provider, backoffice: Sandbox
) -> None:
    with Person(provider.gateway, backoffice) as person:
        person.browser.base_url = httpx2.URL(provider.issuer)
        person.browser.headers["Origin"] = provider.issuer
        token, held = await asyncio.to_thread(holder, provider, person)
        async with open_socket(provider.gateway.url) as socket:
            await socket.initialise(authorization=f"Bearer {token}")
            await socket.subscribe(FOLLOW)
            assert await socket.ask("{ __typename }") == {"data": {"__typename": "Query"}}
            revoke = f"{provider.issuer}/oauth2/revoke"
            answer = httpx2.post(revoke, data={"token": token}, auth=held, trust_env=False)
            assert answer.status_code == 200, answer.text
            assert (await socket.closed())[0] == 4403


async def test_a_locked_account_has_no_streams(provider: Provider, backoffice: Sandbox) -> None:
    with Person(provider.gateway, backoffice) as person:
        person.enter(LOGIN)
        async with open_socket(provider.gateway.url, person) as socket:
            await socket.initialise()
            await socket.subscribe(FOLLOW)
            folder = provider.gateway.folder
            try:
                done = await asyncio.to_thread(leasegraph, folder, "account", "lock", LOGIN)
                assert done.returncode == 0, done.stderr
                assert (await socket.closed())[0] == 4401
            finally:
                await asyncio.to_thread(leasegraph, folder, "account", "unlock", LOGIN)
