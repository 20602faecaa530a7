"""Bearer tokens at the public door: wrong ones, users', tools', and what each may download."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.harness.tools import EVERY_SCOPE, Door, session

WHO = "{ viewer { user { login } } }"
CLIENT = '{ client(number: "0010001") { number } }'
DOCUMENT = '{ client(number: "0010001") { documents(first: 1) { nodes { sha256 download { url } } } } }'
SCHEDULE = """{ contract(number: "LO/2025/000001") {
    schedule { download(format: CSV, language: PL) { url } } } }"""


@pytest.fixture(autouse=True)
def logged_in(door: Door) -> Iterator[None]:
    """Somebody's cookie, for those who send it."""
    door.sessions["anna"] = session("0010003")
    yield
    door.sessions.clear()


@pytest.mark.parametrize("header", ["Bearer wrong", "bearer wrong", "Bearer", "Bearer  ", "BEARER a b"])
async def test_a_wrong_token_is_refused(header: str, door: Door) -> None:
    """Also where a cookie is good: who sends a token means it."""
    for headers in ({}, {"Cookie": "who=anna", "GraphQL_Require_Preflight": "1"}):
        answer = await door.post(WHO, Authorization=header, **headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert answer.json()["errors"][0]["extensions"]["code"] == "INVALID_TOKEN"
        assert "data" not in answer.json()


async def test_two_authorization_headers_are_refused(door: Door) -> None:
    """A proxy may have checked the one that we don't read."""
    good = ("Authorization", f"Bearer {door.user('0010001', 'portal')}")
    for other in ("Bearer wrong", "Basic YTpi"):
        for headers in ([good, ("Authorization", other)], [("Authorization", other), good]):
            answer = await door.http.post("/graphql", json={"query": WHO}, headers=headers)
            assert answer.status_code == 400
            assert "'Authorization' must be there once" in answer.json()["errors"][0]["message"]
            answer = await door.http.get("/documents/any", headers=headers)
            assert answer.status_code == 400
            assert "'Authorization' must be there once" in answer.text


async def test_a_users_token_is_that_user_without_the_preflight_header(door: Door) -> None:
    token = door.user("0010001", "portal")
    assert (await door.data(WHO, token))["viewer"]["user"]["login"] == "0010001"
    with_cookie = await door.post(WHO, token, Cookie="who=anna")
    assert with_cookie.json()["data"]["viewer"]["user"]["login"] == "0010001"


async def test_the_cookie_alone_still_needs_the_preflight_header(door: Door) -> None:
    assert (await door.post(WHO, Cookie="who=anna")).status_code == 403
    answer = await door.post(WHO, Cookie="who=anna", GraphQL_Require_Preflight="1")
    assert answer.json()["data"]["viewer"]["user"]["login"] == "0010003"


async def test_a_users_token_needs_the_scope_of_the_portal(door: Door) -> None:
    answer = await door.post(WHO, door.user("0010001", "openid", "clients:read"))
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="portal"'
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_another_scheme_is_a_proxys_business(door: Door) -> None:
    answer = await door.post(WHO, Authorization="Basic YTpi")
    assert answer.json() == {"data": {"viewer": None}}
    answer = await door.post(
        WHO, Authorization="Basic YTpi", Cookie="who=anna", GraphQL_Require_Preflight="1"
    )
    assert answer.json()["data"]["viewer"]["user"]["login"] == "0010003"


async def test_a_token_that_can_not_be_checked_is_not_believed(door: Door) -> None:
    answer = await door.post(WHO, "while-the-store-is-down")
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"


async def link(door: Door, token: str, query: str = DOCUMENT) -> str:
    found = await door.data(query, token)
    if query is SCHEDULE:
        return str(found["contract"]["schedule"]["download"]["url"])
    return str(found["client"]["documents"]["nodes"][0]["download"]["url"])


async def follow(door: Door, url: str, token: str | None) -> httpx2.Response:
    return await door.http.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})


@pytest.mark.parametrize("query", [DOCUMENT, SCHEDULE], ids=["a document", "a schedule"])
async def test_a_tool_follows_its_own_links(query: str, door: Door) -> None:
    token = door.tool(*EVERY_SCOPE)
    url = await link(door, token, query)
    door.audit.events.clear()
    answer = await follow(door, url, token)
    assert answer.status_code == 200
    assert answer.content
    (event,) = door.audit.events
    assert (event["event"], event["client_id"], event["asked"]) == ("tool.read", "helpdesk", "download")
    assert event["accounts"] == door.auth.keys.of_login("0010001").tag


async def test_a_link_is_good_for_nobody_else(door: Door) -> None:
    token = door.tool(*EVERY_SCOPE)
    url = await link(door, token)
    other = door.tool(*EVERY_SCOPE, client_id="other")
    user = door.user("0010001", "portal")
    namesake = door.user("helpdesk", "portal")
    missing = await follow(door, "/documents/missing", user)
    for who in (other, user, namesake):
        answer = await follow(door, url, who)
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert (await follow(door, url, None)).status_code == 401
    theirs = await link(door, user)
    assert (await follow(door, theirs, user)).status_code == 200
    assert (await follow(door, theirs, token)).status_code == 404


async def test_a_scope_that_was_lost_is_lost_at_once(door: Door) -> None:
    url = await link(door, door.tool(*EVERY_SCOPE))
    answer = await follow(door, url, door.tool(*(EVERY_SCOPE - {"documents:read"})))
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="documents:read"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert not answer.content.startswith(b"%PDF")


async def test_a_download_that_can_not_be_recorded_is_not_begun(door: Door) -> None:
    token = door.tool(*EVERY_SCOPE)
    url = await link(door, token)
    door.audit.down = True
    try:
        answer = await follow(door, url, token)
    finally:
        door.audit.down = False
    assert answer.status_code == 503
    assert not answer.content.startswith(b"%PDF")


async def test_a_wrong_token_follows_no_link(door: Door) -> None:
    url = await link(door, door.tool(*EVERY_SCOPE))
    answer = await door.http.get(url, headers={"Authorization": "Bearer wrong", "Accept": "text/html"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
