"""When an authorization request leads to the login page, the consent page, or straight back."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.auth.house import PASSWORD, Browser, House, HouseMaker
from tests.auth.parties import APP, CALLBACK, CLIENTS, STRANGER, RelyingParty, answer_of


@pytest.fixture
async def provider(houses: HouseMaker) -> House:
    house = houses(clients=CLIENTS)
    await house.activate()
    await house.activate("300400", PASSWORD)
    return house


def login_page(location: str) -> dict[str, str]:
    parts = urlsplit(location)
    assert parts.path == "/login"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


async def log_in_there(browser: Browser, location: str, login: str = "100200") -> str:
    """Logs in on the login page and follows the way back; where the client's answer leads."""
    await browser.get(location)
    answer = await browser.post("/login", login=login, password=PASSWORD, next=login_page(location)["next"])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/oauth2/authorize?")
    return str((await browser.get(answer.headers["location"])).headers["location"])


async def test_who_is_not_logged_in_logs_in_and_comes_back(provider: House) -> None:
    browser, party = provider.browser(), RelyingParty(provider)
    answer = await party.authorize(browser)
    assert answer.status_code == 303
    told = answer_of(await log_in_there(browser, answer.headers["location"]))
    assert told["state"] == "st"
    assert (await party.redeem(told["code"])).status_code == 200


async def test_the_login_page_lets_its_form_lead_to_the_client_only(provider: House) -> None:
    """Chromium applies form-action to the redirects after a form."""
    browser, party = provider.browser(), RelyingParty(provider)
    location = (await party.authorize(browser)).headers["location"]
    for path in (location, location.replace("%252Fcallback", "%252Fevil"), "/login"):
        policy = (await browser.get(path)).headers["content-security-policy"]
        (found,) = re.findall(r"form-action ([^;]*)", policy)
        assert found == ("'self' https://app.example.com" if path == location else "'self'")
    wrong = await browser.post("/login", login="100200", password="x", next=login_page(location)["next"])
    assert "form-action 'self' https://app.example.com;" in wrong.headers["content-security-policy"]


async def test_who_has_no_password_yet_comes_back_too(houses: HouseMaker) -> None:
    house = houses(clients=CLIENTS)
    browser, party = house.browser(), RelyingParty(house)
    await browser.get((await party.authorize(browser)).headers["location"])
    await browser.post("/first-login", login="100200")
    await browser.post("/first-login", password=PASSWORD, password_again=PASSWORD)
    done = await browser.post("/first-login", pin=await house.pin())
    page = await browser.get(done.headers["location"])
    after = re.search(r'name="next" value="([^"]+)"', page.text)
    assert after
    assert "form-action 'self' https://app.example.com;" in page.headers["content-security-policy"]
    answer = await browser.post("/login", login="100200", password=PASSWORD, next=unescape(after[1]))
    back = await browser.get(answer.headers["location"])
    assert (await party.redeem(answer_of(back.headers["location"])["code"])).status_code == 200
    plain = await browser.get("/login?done=first")
    assert 'name="next" value="/"' in plain.text


async def test_hints_reach_the_login_page(provider: House) -> None:
    browser, party = provider.browser(), RelyingParty(provider)
    answer = await party.authorize(browser, login_hint="300400", ui_locales="de en-GB pl")
    page = await browser.get(answer.headers["location"])
    assert 'value="300400"' in page.text
    assert page.headers["content-language"] == "en"


async def test_a_silent_request_never_shows_a_page(provider: House) -> None:
    party = RelyingParty(provider)
    told = answer_of((await party.authorize(provider.browser(), prompt="none")).headers["location"])
    assert told["error"] == "login_required"
    assert told["state"] == "st"
    told = answer_of((await party.authorize(await provider.log_in(), prompt="none")).headers["location"])
    assert "code" in told


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "0"}])
async def test_a_new_login_can_be_asked_for(provider: House, wish: dict[str, str]) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    await provider.age_session(browser, seconds=5)
    answer = await party.authorize(browser, **wish)
    again = login_page(answer.headers["location"])["next"]
    still_old = await browser.get(again)
    assert still_old.headers["location"].startswith("/login")
    told = answer_of(await log_in_there(browser, answer.headers["location"]))
    tokens = (await party.redeem(told["code"])).json()
    granted = await provider.auth.bearer(tokens["access_token"])
    assert granted is not None


async def test_a_login_may_be_so_old(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    await provider.age_session(browser, seconds=100)
    assert "code" in answer_of((await party.authorize(browser, max_age="200")).headers["location"])
    assert login_page((await party.authorize(browser, max_age="50")).headers["location"])
    silent = await party.authorize(browser, max_age="50", prompt="none")
    assert answer_of(silent.headers["location"])["error"] == "login_required"


async def test_the_person_of_the_id_token_is_meant(provider: House) -> None:
    party = RelyingParty(provider)
    anna, bob = await provider.log_in(), await provider.log_in("300400")
    hint = (await party.tokens(anna))["id_token"]
    assert "code" in answer_of((await party.authorize(anna, id_token_hint=hint)).headers["location"])
    silent = await party.authorize(bob, id_token_hint=hint, prompt="none")
    assert answer_of(silent.headers["location"])["error"] == "login_required"
    to_login = (await party.authorize(bob, id_token_hint=hint)).headers["location"]
    told = answer_of(await log_in_there(bob, to_login, "300400"))
    assert told["error"] == "login_required"
    to_login = (await party.authorize(bob, id_token_hint=hint)).headers["location"]
    assert "code" in answer_of(await log_in_there(bob, to_login, "100200"))


async def test_an_access_token_is_no_hint(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    token = (await party.tokens(browser))["access_token"]
    answer = await party.authorize(browser, id_token_hint=token)
    assert answer_of(answer.headers["location"])["error"] == "invalid_request"


async def test_consent_is_asked_where_it_is_due(provider: House) -> None:
    browser = await provider.log_in()
    for party, wish in (
        (RelyingParty(provider, STRANGER), {}),
        (RelyingParty(provider, APP), {"prompt": "consent"}),
    ):
        page = await party.authorize(browser, **wish)
        assert page.status_code == 200
        assert party.client.redirect_uris[0].rpartition("/")[0] in page.headers["content-security-policy"]
        request = re.search(r'name="request" value="([^"]+)"', page.text)
        assert request
        fields = {"request": request[1].replace("&amp;", "&")}
        denied = await browser.post("/oauth2/consent", deny="1", **fields)
        assert answer_of(denied.headers["location"])["error"] == "access_denied"
        allowed = await browser.post("/oauth2/consent", allow="1", **fields)
        assert (await party.redeem(answer_of(allowed.headers["location"])["code"])).status_code == 200
        silent = await party.authorize(browser, prompt="none")
        told = answer_of(silent.headers["location"])
        assert told.get("error") == ("consent_required" if party.client is STRANGER else None)


async def test_the_consent_page_shows_names_as_text(provider: House) -> None:
    page = await RelyingParty(provider, STRANGER).authorize(await provider.log_in())
    assert "Somebody &lt;else&gt;" in page.text


async def test_nobody_consents_for_who_logged_in_meanwhile(provider: House) -> None:
    """The page in the other tab named somebody else."""
    browser, party = await provider.log_in(), RelyingParty(provider, STRANGER)
    page = await party.authorize(browser)
    request = re.search(r'name="request" value="([^"]+)"', page.text)
    assert request
    provider.directory.people["300400"].display_name = "Bob Nowy"
    await provider.log_in("300400", browser=browser)
    asked = request[1].replace("&amp;", "&")
    again = await browser.post("/oauth2/consent", allow="1", request=asked)
    assert again.status_code == 200
    assert "Bob Nowy" in again.text
    request = re.search(r'name="request" value="([^"]+)"', again.text)
    assert request
    allowed = await browser.post("/oauth2/consent", allow="1", request=request[1].replace("&amp;", "&"))
    assert (await party.redeem(answer_of(allowed.headers["location"])["code"])).status_code == 200


async def test_consent_can_not_be_given_by_another_site(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider, STRANGER)
    await party.authorize(browser)
    forged = await browser.http.post(
        "/oauth2/consent",
        data={"request": "client_id=stranger", "allow": "1"},
        headers={"origin": "https://evil.example.com"},
    )
    assert forged.status_code == 403
    made_up = await browser.post("/oauth2/consent", request="client_id=nobody", allow="1")
    assert made_up.status_code == 400


async def test_nobody_else_gets_the_code_of_an_ended_session(provider: House) -> None:
    browser, party = await provider.log_in(), RelyingParty(provider)
    code = await party.code(browser)
    await browser.get("/sessions")
    await browser.post("/logout")
    assert (await party.redeem(code)).json()["error"] == "invalid_grant"
    assert CALLBACK not in (await party.authorize(browser)).headers["location"][:40]
