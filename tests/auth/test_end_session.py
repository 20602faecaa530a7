"""Logout begun by a client: at once with the session's own ID token, after a question without."""

import re

import httpx2
import pytest

from tests.auth.house import Browser, House, HouseMaker
from tests.auth.parties import CLIENTS, RelyingParty

BYE = "https://app.example.com/bye"
PATH = "/oauth2/end-session"


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    return house


async def confirmed(browser: Browser, page: httpx2.Response) -> httpx2.Response:
    """Says yes on the question page."""
    request = re.search(r'name="request" value="([^"]*)"', page.text)
    assert request
    return await browser.post(f"{PATH}/confirm", request=request[1].replace("&amp;", "&"))


async def test_with_the_sessions_id_token_it_ends_at_once(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser)
    answer = await browser.get(
        PATH, id_token_hint=tokens["id_token"], post_logout_redirect_uri=BYE, state="a&b"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BYE}?state=a%26b")
    assert (await browser.get("/me")).status_code == 401
    assert await provider.auth.bearer(tokens["access_token"]) is None


async def test_a_posted_request_is_asked_again_by_get(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    tokens = await party.tokens(browser)
    answer = await party.http.post(PATH, data={"id_token_hint": tokens["id_token"]})
    assert answer.status_code == 303
    assert (await browser.get("/me")).status_code == 200
    answer = await browser.get(answer.headers["location"])
    assert answer.headers["location"] == "/login?done=logout"
    assert (await browser.get("/me")).status_code == 401


async def test_without_it_the_person_is_asked(provider: House) -> None:
    browser = await provider.log_in()
    page = await browser.get(PATH)
    assert page.status_code == 200
    assert (await browser.get("/me")).status_code == 200
    answer = await confirmed(browser, page)
    assert answer.headers["location"] == "/login?done=logout"
    assert (await browser.get("/me")).status_code == 401


async def test_the_id_token_of_another_session_asks_too(provider: House) -> None:
    party = RelyingParty(provider)
    hint = (await party.tokens(await provider.log_in()))["id_token"]
    other = await provider.log_in()
    page = await other.get(PATH, id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert page.status_code == 200
    assert "form-action 'self' https://app.example.com;" in page.headers["content-security-policy"]
    answer = await confirmed(other, page)
    assert answer.headers["location"] == BYE
    assert (await other.get("/me")).status_code == 401


async def test_an_access_token_is_no_id_token(provider: House) -> None:
    """It passes through more hands: whoever held one could end the session by a link, unasked."""
    browser = await provider.log_in()
    token = (await RelyingParty(provider).tokens(browser))["access_token"]
    assert (await browser.get(PATH, id_token_hint=token)).status_code == 400
    assert (await browser.get("/me")).status_code == 200


async def test_who_is_logged_out_already_goes_straight_on(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    hint = (await party.tokens(browser))["id_token"]
    query = {"id_token_hint": hint, "client_id": "app", "post_logout_redirect_uri": BYE}
    for _ in range(2):
        assert (await browser.get(PATH, **query)).headers["location"] == BYE


@pytest.mark.parametrize("uri", ["https://evil.example.com/", BYE + "/", BYE + "?x"])
async def test_only_a_registered_uri_is_gone_to(provider: House, uri: str) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    hint = (await party.tokens(browser))["id_token"]
    answer = await browser.get(PATH, id_token_hint=hint, post_logout_redirect_uri=uri)
    assert answer.headers["location"] == "/login?done=logout"
    without_hint = await browser.get(PATH, client_id="app", post_logout_redirect_uri=BYE)
    assert without_hint.headers["location"] == "/login?done=logout"


@pytest.mark.parametrize(
    "query",
    [
        {"id_token_hint": "x.y.z"},
        {"id_token_hint": "eyJhbGciOiJSUzI1NiIsImtpZCI6Ilwi4bjTIn0.e30.x"},
        {"id_token_hint": "ł"},
        {"state": "s" * 4000},
        {"client_id": "site"},
    ],
)
async def test_a_wrong_request_ends_nothing(provider: House, query: dict[str, str]) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    hint = (await party.tokens(browser))["id_token"]
    answer = await browser.get(PATH, **{"id_token_hint": hint, **query})
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert (await browser.get("/me")).status_code == 200
