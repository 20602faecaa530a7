"""Tokens of internal tools, by client_credentials: scopes, client authentication, refusals."""

from base64 import b64encode
from dataclasses import replace

import pytest

from auth import Grant
from tests.auth.house import House, HouseMaker
from tests.auth.parties import APP, CLIENTS, OTHER_TOOL, SECRET, TOOL, RelyingParty


@pytest.fixture
def provider(houses: HouseMaker) -> House:
    return houses(clients=CLIENTS)


async def test_a_tool_gets_what_it_is_registered_for(provider: House) -> None:
    tool = RelyingParty(provider, TOOL)
    answer = await tool.post("/oauth2/token", grant_type="client_credentials")
    assert answer.headers["cache-control"] == "no-store"
    assert {key: answer.json()[key] for key in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "contracts:read invoices:read",
    }
    assert "refresh_token" not in answer.json()
    granted = await provider.auth.bearer(answer.json()["access_token"])
    assert granted == Grant("tool", "Reporting", frozenset({"contracts:read", "invoices:read"}), None)


async def test_a_tool_may_ask_for_less_but_not_for_more(provider: House) -> None:
    tool = RelyingParty(provider, TOOL)
    granted = await provider.auth.bearer(await tool.tool_token(scope="invoices:read"))
    assert granted is not None
    assert granted.scopes == {"invoices:read"}
    for scope in ("invoices:read payments:read", "portal", "openid"):
        answer = await tool.post("/oauth2/token", grant_type="client_credentials", scope=scope)
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "error": "invalid_scope",
                "error_description": "This client may have: contracts:read invoices:read.",
            },
        )


async def test_a_body_of_another_type_is_told_the_right_one(provider: House) -> None:
    http = RelyingParty(provider).http
    answer = await http.post(
        "/oauth2/token", json={"grant_type": "client_credentials"}, auth=("tool", SECRET)
    )
    assert (answer.status_code, answer.json()) == (
        415,
        {
            "error": "invalid_request",
            "error_description": "The body must be application/x-www-form-urlencoded.",
        },
    )


async def test_the_secret_may_come_in_the_form(provider: House) -> None:
    form = {"grant_type": "client_credentials", "client_id": "tool", "client_secret": SECRET}
    http = RelyingParty(provider).http
    assert (await http.post("/oauth2/token", data=form)).status_code == 200
    both = await http.post("/oauth2/token", data=form, auth=("tool", SECRET))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "header",
    [
        b64encode(b"tool:wrong").decode(),
        b64encode(b"tool:").decode(),
        b64encode(b"tool").decode(),
        b64encode(b"nobody:x").decode(),
        b64encode(b"\xff\xfe:\xff").decode(),
        "!!!",
    ],
)
async def test_a_wrong_secret_is_told_as_invalid_client(provider: House, header: str) -> None:
    answer = await RelyingParty(provider).http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"authorization": f"Basic {header}"},
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


async def test_a_refused_client_is_told_nothing_and_audited(provider: House) -> None:
    """Neither whether it exists, nor in the audit what it typed: that may be a secret in the wrong field."""
    http = RelyingParty(provider).http
    answers = []
    for path in ("/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"):
        for client in ("tool", "nobody-of-ours"):
            form = {"client_id": client, "client_secret": "wrong-secret", "token": "x"}
            answers.append(await http.post(path, data={"grant_type": "client_credentials", **form}))
            del form["client_secret"]
            form["grant_type"] = "client_credentials"
            answers.append(await http.post(path, data=form, auth=(client, "wrong-secret")))
    assert {(answer.status_code, answer.text) for answer in answers[:4]} == {
        (answers[0].status_code, answers[0].text)
    }
    assert {answer.status_code for answer in answers} == {401}
    entries = [fields for _, fields in await provider.command("XRANGE", "audit", "-", "+")]
    refused = [
        (fields[b"client_id"], fields[b"result"])
        for fields in entries
        if fields[b"event"] == b"client.refused"
    ]
    assert len(refused) == len(answers)
    assert refused[:4] == [(b"tool", b"/oauth2/token")] * 2 + [(b"", b"/oauth2/token")] * 2
    written = repr(entries)
    assert "nobody-of-ours" not in written
    assert "wrong-secret" not in written


async def test_a_client_can_not_name_another_one(provider: House) -> None:
    answer = await RelyingParty(provider, TOOL).post(
        "/oauth2/token", grant_type="client_credentials", client_id="other-tool"
    )
    assert answer.json()["error"] == "invalid_client"


async def test_without_a_secret_there_is_no_tool(provider: House) -> None:
    http = RelyingParty(provider).http
    for client in ("tool", "app"):
        answer = await http.post(
            "/oauth2/token", data={"grant_type": "client_credentials", "client_id": client}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_tool_has_no_other_grant(provider: House) -> None:
    tool = RelyingParty(provider, TOOL)
    for form in (
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
    ):
        answer = await tool.post("/oauth2/token", **form)
        assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    for form in ({"grant_type": "password"}, {"grant_type": ""}):
        answer = await tool.post("/oauth2/token", **form)
        assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_parameter_given_twice_is_refused(provider: House) -> None:
    answer = await RelyingParty(provider).http.post(
        "/oauth2/token",
        content="grant_type=client_credentials&scope=contracts:read&scope=invoices:read",
        headers={"content-type": "application/x-www-form-urlencoded"},
        auth=("tool", SECRET),
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_bodies_are_small_forms(provider: House) -> None:
    http = RelyingParty(provider).http
    answer = await http.post("/oauth2/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (415, "invalid_request")
    answer = await http.post("/oauth2/token", data={"grant_type": "x" * 10_000})
    assert (answer.status_code, answer.json()["error"]) == (413, "invalid_request")
    assert (await http.get("/oauth2/token")).status_code == 405


async def test_an_unknown_host_gets_nothing(provider: House) -> None:
    answer = await RelyingParty(provider, TOOL).http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"host": "evil.example.com"},
        auth=("tool", SECRET),
    )
    assert answer.status_code == 400


async def test_rates_are_per_address_and_per_client(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS, token_requests_per_minute=6)
    tool = RelyingParty(provider, TOOL)
    statuses = [
        (await tool.post("/oauth2/token", grant_type="client_credentials")).status_code for _ in range(4)
    ]
    assert statuses == [200, 200, 200, 429]
    elsewhere = RelyingParty(provider, TOOL)
    elsewhere.http = provider.browser().http
    answer = await elsewhere.post("/oauth2/token", grant_type="client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (429, "temporarily_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    elsewhere.client = OTHER_TOOL
    answer = await elsewhere.post("/oauth2/token", grant_type="client_credentials")
    assert answer.status_code == 200


async def test_nobody_uses_up_the_rate_of_a_public_client(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS, token_requests_per_minute=6)
    stranger, user = RelyingParty(provider), RelyingParty(provider)
    user.http = provider.browser().http
    statuses = [(await stranger.refresh("x")).status_code for _ in range(5)]
    assert statuses == [400, 400, 400, 429, 429]
    assert (await user.refresh("x")).status_code == 400


async def test_what_is_no_token_of_ours_grants_nothing(provider: House) -> None:
    token = await RelyingParty(provider, TOOL).tool_token()
    head, body, signature = token.split(".")
    unsigned = b64encode(b'{"alg":"none","typ":"at+jwt"}').decode().rstrip("=") + f".{body}."
    for other in (
        "",
        "x",
        "a.b.c",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        unsigned,
        "ł" * 40,
    ):
        assert await provider.auth.bearer(other) is None
    assert await provider.auth.bearer(token) is not None


async def test_a_client_that_is_no_longer_registered_has_no_tokens(
    provider: House, houses: HouseMaker
) -> None:
    token = await RelyingParty(provider, TOOL).tool_token()
    assert await houses(clients=CLIENTS).auth.bearer(token) is not None
    assert await houses(clients=[APP]).auth.bearer(token) is None


async def test_a_scope_that_a_client_lost_is_lost_to_its_tokens(provider: House, houses: HouseMaker) -> None:
    token = await RelyingParty(provider, TOOL).tool_token()
    less = replace(TOOL, scopes=frozenset({"invoices:read"}))
    granted = await houses(clients=[less]).auth.bearer(token)
    assert granted is not None
    assert granted.scopes == {"invoices:read"}


async def test_an_expired_token_grants_nothing(houses: HouseMaker) -> None:
    provider = houses(clients=CLIENTS, access_token_seconds=-10)
    assert await provider.auth.bearer(await RelyingParty(provider, TOOL).tool_token()) is None
