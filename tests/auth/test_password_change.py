"""A logged-in user's change of password: rules, failures, and what it ends."""

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, Browser, House

PATH = "/change-password"


async def change(
    browser: Browser, present: str = PASSWORD, new: str = OTHER_PASSWORD, again: str = ""
) -> str:
    """Where it leads, or all that the page says."""
    answer = await browser.post(PATH, present=present, password=new, password_again=again or new)
    if answer.status_code == 303:
        return str(answer.headers["location"])
    assert answer.status_code == 422
    return str(answer.text)


async def test_it_ends_all_other_sessions_and_keeps_this_one(house: House) -> None:
    await house.activate()
    here, there = await house.log_in(), await house.log_in()
    flow = await house.at_pin("/reset-password", password="Czerwone,Okno9")
    pin = await house.pin()
    before = here.http.cookies["lg_session"]
    assert await change(here) == "/sessions?done=password"
    assert (await there.get("/me")).status_code == 401
    assert (await here.get("/me")).status_code == 200
    assert here.http.cookies["lg_session"] != before
    stolen = house.browser()
    stolen.http.cookies.set("lg_session", before)
    assert (await stolen.get("/me")).status_code == 401, "the former id is void"
    assert (await flow.post("/reset-password", pin=pin)).status_code == 410
    assert "Hasło zostało zmienione" in (await here.get("/sessions?done=password")).text
    assert (await house.browser().post("/login", login="100200", password=PASSWORD)).status_code == 422
    await house.log_in(password=OTHER_PASSWORD)
    mail = (await house.mails())[-1]
    assert (mail.to, "zmieniono hasło" in mail.text, OTHER_PASSWORD in mail.text) == (
        "anna@example.com", True, False,
    )  # fmt: skip


async def test_nobody_without_a_session(house: House) -> None:
    browser = house.browser()
    answer = await browser.get(PATH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/change-password")
    await browser.get("/login")
    assert await change(browser) == "/login?next=/change-password"


async def test_a_form_from_elsewhere_is_refused(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    fields = {"present": PASSWORD, "password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}
    for headers in ({"origin": "https://evil.example"}, {"origin": "http://localhost:8000"}):
        answer = await browser.http.post(PATH, data=fields, headers=headers)
        assert answer.status_code == 403
    await house.log_in()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"new": "krótkie"}, ["co najmniej 8 znaków", "wielką literę", "cyfrę", "znak specjalny"]),
        ({"new": "Kowalska!7x"}, ["nie może zawierać nazwiska"]),
        ({"new": "Transłód!7x"}, ["nie może zawierać nazwy firmy"]),
        ({"new": "x!100200Xx"}, ["nie może zawierać numeru login"]),
        ({"again": "Czerwone,Okno9"}, ["Wpisane hasła różnią się"]),
        ({"new": PASSWORD}, ["Nowe hasło musi być inne niż obecne"]),
        ({"present": ""}, ["Prosimy wpisać obecne hasło"]),
        ({"present": "Wrong;Pass1"}, ["Obecne hasło jest niepoprawne"]),
        (
            {"present": "", "new": "x", "again": "y"},
            ["Prosimy wpisać obecne", "Wpisane hasła różnią się", "co najmniej 8 znaków"],
        ),
    ],
)
async def test_what_is_wrong_is_told_at_its_field(
    house: House, fields: dict[str, str], said: list[str]
) -> None:
    await house.activate()
    browser = await house.log_in()
    page = await change(browser, **fields)
    for text in said:
        assert text in page
    for secret in (PASSWORD, OTHER_PASSWORD, *fields.values()):
        assert not secret or f'value="{secret}"' not in page
    assert (await browser.get("/me")).status_code == 200
    await house.log_in()


async def test_wrong_present_passwords_count_like_failed_logins(house: House) -> None:
    """A stolen session can't be used to guess the password, and the owner elsewhere is not locked out."""
    await house.activate()
    browser = await house.log_in()
    for _ in range(5):
        assert "Obecne hasło jest niepoprawne" in await change(browser, present="Wrong;Pass1")
    assert "Obecne hasło jest niepoprawne" in await change(browser), "the right one, too late"
    assert (await browser.post("/login", login="100200", password=PASSWORD)).status_code == 422
    await house.log_in()


async def test_a_slip_of_the_new_password_does_not_count(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    for _ in range(7):
        await change(browser, new="short")
        await change(browser, again="other")
    assert await change(browser) == "/sessions?done=password"


async def test_a_lock_meanwhile_wins(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.activate()
    browser = await house.log_in()
    hash_password = house.auth.passwords.hash

    async def lock_then_hash(password: str) -> str:
        await house.auth.locks.lock("100200")
        return await hash_password(password)

    monkeypatch.setattr(house.auth.passwords, "hash", lock_then_hash)
    assert await change(browser) == "/login?next=/change-password"
    await house.auth.locks.unlock("100200")
    await house.log_in()


async def test_it_waits_for_the_disk_and_is_in_the_audit(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    await house.command("CONFIG", "RESETSTAT")
    await change(browser, present="Wrong;Pass1")
    await change(browser)
    assert (await house.redis.info("commandstats"))["cmdstat_waitaof"]["calls"] == 1
    entries = str(await house.command("XRANGE", "audit", "-", "+"))
    assert entries.count("password.change") == 2
    for secret in (PASSWORD, OTHER_PASSWORD, browser.http.cookies["lg_session"]):
        assert secret not in entries


async def test_an_account_that_the_directory_lost_sets_no_password(house: House) -> None:
    """Before its announcement came, which ends the session too."""
    await house.activate()
    browser = await house.log_in()
    mails = len(await house.mails())
    person = house.directory.people.pop("100200")
    assert await change(browser) == "/login?next=/change-password"
    assert len(await house.mails()) == mails
    house.directory.people["100200"] = person
    await house.log_in()


async def test_password_managers_find_the_page(house: House) -> None:
    answer = await house.browser().get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert (await house.browser().http.post("/.well-known/change-password")).status_code == 405
