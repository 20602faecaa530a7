"""What a person is told who got something wrong, and what nobody is told."""

import pytest

from auth.messages import Language, message
from tests.browser.visitor import OpenBrowser, Visitor
from tests.harness.person import PASSWORD

BROKEN_BY_AB = ("rule_too_short", "rule_no_capital", "rule_no_digit", "rule_no_special")


@pytest.mark.parametrize("language", ["en", "pl"])
async def test_every_broken_rule_is_named_at_the_field(visitor: Visitor, language: Language) -> None:
    await visitor.begin("0010005")
    if language == "pl":
        await visitor.follow("Polski")
    password = visitor.field(message(language, "new_password"))
    await password.fill("ab")
    await visitor.fill(message(language, "new_password_again"), "ab")
    await visitor.press(message(language, "next_button"))

    assert await visitor.page.get_by_role("alert").evaluate("alert => alert === document.activeElement")
    assert await password.get_attribute("aria-invalid") == "true"
    assert "password-error" in (await password.get_attribute("aria-describedby") or "").split()
    told = await visitor.page.locator("#password-error").inner_text()
    assert told.splitlines() == [message(language, rule) for rule in BROKEN_BY_AB]
    error_at = await visitor.page.locator("#password-error").bounding_box()
    field_at = await password.bounding_box()
    assert error_at
    assert field_at
    assert 0 <= field_at["y"] - (error_at["y"] + error_at["height"]) < 20
    assert await password.input_value() == ""


async def test_a_wrong_pin_is_told_at_its_field_and_can_be_corrected(visitor: Visitor) -> None:
    await visitor.begin("0010006")
    await visitor.choose(PASSWORD)
    right = await visitor.pin("0010006")
    await visitor.fill("PIN", "1234 5678" if right != "1234 5678" else "8765 4321")
    await visitor.press("Confirm")

    assert "The PIN is wrong" in await visitor.page.get_by_role("alert").inner_text()
    assert "The PIN is wrong" in await visitor.page.locator("#pin-error").inner_text()
    assert await visitor.field("PIN").get_attribute("aria-invalid") == "true"
    await visitor.page.get_by_role("alert").get_by_role("link").click()
    assert await visitor.field("PIN").evaluate("field => field === document.activeElement")

    await visitor.fill("PIN", right)
    await visitor.press("Confirm")
    assert "Your password is set." in await visitor.main()


async def every_page(visitor: Visitor, number: str) -> list[str]:
    """What somebody sees who knows a number and nothing else; the number itself is blotted out."""
    await visitor.begin(number)
    pages = [await visitor.main()]
    for password in ("ab", PASSWORD):
        await visitor.choose(password)
        pages.append(await visitor.main())
    await visitor.fill("PIN", "12345678")
    await visitor.press("Confirm")
    pages.append(await visitor.main())
    await visitor.press("Send a new PIN")
    pages.append(await visitor.main())
    await visitor.goto("/login")
    await visitor.log_in(number)
    pages.append(await visitor.main())
    return [page.replace(number, "#") for page in pages]


async def test_an_unknown_number_is_shown_what_a_known_one_is_shown(open_browser: OpenBrowser) -> None:
    known = await every_page(await open_browser(), "0010007")
    unknown = await every_page(await open_browser(), "7654321")
    assert known == unknown
    assert len(set(known)) == len(known), "every step shows a page of its own"


async def test_the_back_button_leads_to_a_page_not_to_sending_again(visitor: Visitor) -> None:
    """After a slip and the right password; and `next` is still where the login leads then."""
    await visitor.first_login("0010004")
    await visitor.goto("/login?next=/sessions")
    await visitor.fill("Login number", "0010004")
    await visitor.fill("Password", "Wrong;Pass1")
    await visitor.press("Log in")
    assert "Login failed." in await visitor.main()
    await visitor.fill("Password", PASSWORD)
    await visitor.press("Log in")
    assert await visitor.heading() == "Active sessions"
    await visitor.page.go_back()
    assert await visitor.heading() == "Log in"
    assert "Login failed." not in await visitor.main()
    await visitor.log_in("0010004")
    assert await visitor.heading() == "Active sessions"
