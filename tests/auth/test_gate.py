"""What stands before every page: host, rate, body, CSRF, headers; and what happens when something is down."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.requests import HTTPConnection
from starlette.routing import Mount, Route

from auth import AuthOptions
from auth.cookies import Cookies
from auth.limits import address_bucket, client_address
from tests.auth.house import ORIGIN, OTHER_PASSWORD, PASSWORD, House, HouseMaker

LOGIN = {"login": "100200", "password": PASSWORD}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),  # no browser: nobody's cookies could be misused
        ({"origin": ORIGIN}, 403),  # a browser without its token
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:8001"}, 403),
        ({"origin": "https://localhost:8000"}, 403),
        ({"sec-fetch-site": "same-origin"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"referer": f"{ORIGIN}/login"}, 403),
    ],
)
async def test_csrf_without_a_token(house: House, headers: dict[str, str], status: int) -> None:
    await house.activate()
    answer = await house.browser().http.post("/login", data=LOGIN, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": ORIGIN}, 303),
        ({"origin": "http://127.0.0.1:8000"}, 303),
        ({"origin": "http://[::1]:8000"}, 303),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": "http://example.com"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"referer": f"{ORIGIN}/login"}, 303),
        ({"referer": "http://example.com/login"}, 403),
    ],
)
async def test_csrf_with_a_token(house: House, headers: dict[str, str], status: int) -> None:
    await house.activate()
    browser = house.browser()
    await browser.get("/login")
    answer = await browser.http.post("/login", data={**LOGIN, "csrf": browser.csrf}, headers=headers)
    assert answer.status_code == status


async def test_a_token_fits_its_own_cookie_only(house: House) -> None:
    one, two = house.browser(), house.browser()
    await one.get("/login")
    await two.get("/login")
    two.csrf = one.csrf
    answer = await two.post("/login", **LOGIN)
    assert answer.status_code == 403
    assert "Formularz odrzucony" in answer.text


async def test_headers_of_a_page(house: House) -> None:
    for path in ("/login", "/first-login", "/reset-password", "/sessions"):
        headers = (await house.browser().http.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    static = await house.browser().http.get("/auth/static/auth.css")
    assert (static.status_code, static.headers["x-content-type-options"]) == (200, "nosniff")


async def test_cookies_over_https(houses: HouseMaker) -> None:
    house = houses(public_url="https://portal.example.com")
    browser = house.browser(host="portal.example.com")
    answer = await browser.http.get("/login")
    assert answer.headers["set-cookie"].startswith("__Host-lg_csrf=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    started = await browser.http.post("/first-login", data={"login": "100200"})
    assert started.headers["set-cookie"].startswith("__Host-lg_first=")
    assert "SameSite=strict" in started.headers["set-cookie"]
    assert Cookies(house.auth.options).full_name("session") == "__Host-lg_session"


async def test_unknown_host(house: House) -> None:
    answer = await house.browser(host="example.com").http.get("/login")
    assert answer.status_code == 400
    assert (await house.browser(host="127.0.0.1:8000").http.get("/login")).status_code == 200


async def test_bodies(house: House) -> None:
    http = house.browser().http
    assert (await http.post("/login", data={"password": "x" * 9000})).status_code == 413
    assert (await http.post("/login", json={})).status_code == 415
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await http.post("/login", content=b"login=1&login=2", headers=form)).status_code == 400
    assert (await http.post("/login", content=b"login=%ff", headers=form)).status_code == 400


async def test_requests_of_one_address_are_limited(houses: HouseMaker) -> None:
    house = houses(request_burst=3, requests_per_minute=60)
    browser = house.browser()
    answers = [await browser.http.post("/login", data={"login": "1"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert answers[3].headers["retry-after"] == "1"
    assert (await browser.http.get("/login")).status_code == 200
    assert (await house.browser().http.post("/login", data={"login": "1"})).status_code == 422


@pytest.mark.parametrize(
    ("peer", "forwarded", "bucket"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),  # not a trusted proxy
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "192.0.2.9, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("::ffff:198.51.100.7", "", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_client_address(peer: str, forwarded: str, bucket: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    connection = HTTPConnection({"type": "http", "client": (peer, 1), "headers": headers})
    assert address_bucket(client_address(connection, (ip_network("10.0.0.0/8"),))) == bucket


async def test_store_down_is_never_open(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    gone = House(Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0)))
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    http = gone.browser(cookie=cookies).http
    assert (await http.get("/me")).status_code == 503
    assert (await http.get("/sessions")).status_code == 503
    assert (await http.get("/login")).status_code == 200
    for path in ("/login", "/first-login", "/reset-password", "/logout"):
        answer = await http.post(path, data=LOGIN)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "Chwilowa przerwa" in answer.text
    await gone.auth.close()


async def test_directory_down(house: House) -> None:
    await house.activate()
    house.directory.down = True
    for login in ("100200", "999999"):
        for path in ("/login", "/first-login"):
            answer = await house.browser().post(path, login=login, password=PASSWORD)
            assert answer.status_code == 503
    house.directory.down = False
    keys = house.auth.keys.of_login("100200")
    assert not await house.command("EXISTS", keys.login_failures)


async def test_language(house: House) -> None:
    browser = house.browser()
    assert '<html lang="pl">' in (await browser.get("/login")).text
    assert (
        '<html lang="en">'
        in (await house.browser(**{"accept-language": "de, en;q=0.8, pl;q=0.5"}).get("/login")).text
    )
    page = await browser.get("/login?lang=en&next=/x")
    assert '<html lang="en">' in page.text
    assert 'href="?next=%2Fx&amp;lang=pl"' in page.text
    assert "First-time login" in (await browser.get("/first-login")).text
    assert '<html lang="en">' in (await browser.get("/login?lang=xx")).text


async def test_user_text_is_escaped(house: House) -> None:
    answer = await house.browser().post("/login", login='"><script>', password="x")
    assert "<script>" not in answer.text
    assert "&#34;&gt;&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"public_url": "http://portal.example.com"},
        {"public_url": "https://portal.example.com/path"},
        {"public_url": "portal"},
        {"pepper": b"short"},
        {"password_peppers": {0: b"q" * 32}},
    ],
)
def test_options_that_are_refused(changes: dict[str, object]) -> None:
    settings: dict[str, object] = {"public_url": ORIGIN, "leasing_company": "X", "pepper": b"p" * 32}
    with pytest.raises(ValueError, match="p"):
        AuthOptions(**{**settings, **changes})  # type: ignore[arg-type]
    assert "pppp" not in repr(AuthOptions(public_url=ORIGIN, leasing_company="X", pepper=b"p" * 32))


async def test_the_breaker_over_all_addresses(houses: HouseMaker, caplog: pytest.LogCaptureFixture) -> None:
    """Each from an address of its own: strangers wait, a known browser gets in, an open flow goes on."""
    house = houses(logins_per_minute=1, login_burst=6)
    await house.activate()
    owner = await house.log_in()
    resetting = await house.at_pin("/reset-password", password=OTHER_PASSWORD)
    pin = await house.pin()
    told = [
        (path, await house.browser().post(path, login="300400", password=PASSWORD))
        for path in ("/login", "/login", "/login", "/login", "/first-login", "/reset-password")
    ]
    assert [answer.status_code for _, answer in told] == [422, 422, 422, 503, 503, 503]
    assert 0 < int(told[-1][1].headers["retry-after"]) <= 60
    assert [record.levelname for record in caplog.records if "over all addresses" in record.message] == [
        "ERROR"
    ]
    assert (await owner.post("/login", login="100200", password=PASSWORD)).status_code == 303
    assert (await owner.post("/login", login="300400", password=PASSWORD)).status_code == 503, (
        "another's login"
    )
    assert (await resetting.post("/reset-password", pin=pin)).status_code == 303


async def test_the_operators_are_told_every_path(house: House) -> None:
    """Whoever puts a portal on the same origin has to know which paths aren't its own."""
    told = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    paths = [route.path for route in house.auth.routes() if isinstance(route, Route | Mount)]
    assert "/login" in paths
    for begins in {f"/{path.split('/')[1]}" for path in paths}:
        assert re.search(rf"`{re.escape(begins)}/?`", told), begins
