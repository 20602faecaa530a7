"""What the script ticks is what the server checks."""

import random
import unicodedata

from auth.password_rules import Rule, broken_public_rules
from tests.browser.visitor import Visitor
from tests.harness.person import PASSWORD

LOGIN = "0010005"
BROKEN_BY = {
    "length": {Rule.TOO_SHORT, Rule.TOO_LONG},
    "capital": {Rule.NO_CAPITAL},
    "digit": {Rule.NO_DIGIT},
    "special": {Rule.NO_SPECIAL},
    "login": {Rule.HAS_LOGIN},
}
# Letters, digits, signs and marks of several scripts, what NFKC changes, and what has more than 16 bits.
SIGNS = (
    "abcxyzABCXYZąęłżĄĘŁŻßıİſ0123456789!?#%-_.,; \u00a0\t\u0301\u0308\u200d²½٣७０１Ａａ！ﬃΑαЖжǅªⅣⅷⒶⓐ"
    "€+<=^`|~§©°«»…–—„”中한𝔄𝟘😀👍🄰"
)
CALL = """
async (table) => {
  const { keptRules } = await import("/auth/static/password-rules.js");
  const rules = [...document.querySelectorAll("[data-rule]")];
  return table.map((password) => keptRules(password, "0010005", rules));
}
"""


def generated() -> list[str]:
    """Passwords around every border, the same ones each time."""
    chance = random.Random(20261122)
    table = [PASSWORD, "Ab1!xyz", "Ab1!xyzq", "Ab1!" + "xyzq" * 5, "Ab1!" + "xyzq" * 5 + "x"]
    table += ["Ab1!" + "e\u0301" * 20, "Ab1!" + "e\u0301" * 21, "Ab1!ﬃx", "😀" * 8, "😀" * 25]
    table += list(SIGNS)
    for _ in range(3000):
        table.append("".join(chance.choices(SIGNS, k=chance.randint(1, 28))))
    for spelled in (
        LOGIN,
        "001-0005",
        "0 0 1 0 0 0 5",
        "００１０００５",
        "0010\u030105",
        "001O005",
        "0010004",
    ):
        for _ in range(20):
            edges = ["".join(chance.choices(SIGNS, k=chance.randint(0, 6))) for _ in range(2)]
            table.append(spelled.join(edges))
    return table


def kept_by_the_server(password: str) -> set[str]:
    broken = set(broken_public_rules(password, login=LOGIN, leasing_company="Kompas Leasing S.A."))
    return {name for name, rules in BROKEN_BY.items() if not rules & broken}


async def test_script_and_server_agree(visitor: Visitor) -> None:
    table = generated()
    assert all(unicodedata.category(sign) != "Cn" for sign in SIGNS)
    await visitor.begin(LOGIN)
    ticked = await visitor.page.evaluate(CALL, table)
    differing = [
        (password, kept, expected)
        for password, kept in zip(table, map(set, ticked), strict=True)
        if kept != (expected := kept_by_the_server(password))
    ]
    assert differing == []
    for name in BROKEN_BY:
        share = sum(name in kept for kept in ticked) / len(table)
        assert 0.01 < share < 0.99, f"the table hardly tests {name}"


async def test_what_is_ticked_is_read_out_after_a_pause(visitor: Visitor) -> None:
    await visitor.begin(LOGIN)
    status = visitor.page.get_by_role("status")
    await visitor.fill("New password", "Ab1")
    await status.get_by_text("Rules met: 3 of 5.").wait_for()
    await visitor.fill("New password", PASSWORD)
    await status.get_by_text("Rules met: 5 of 5.").wait_for()
    assert await visitor.page.get_by_role("listitem").filter(has_text="– met").count() == 5
    await visitor.fill("New password", f"Ab!{LOGIN}")
    await status.get_by_text("Rules met: 4 of 5.").wait_for()
    assert "not contain the login number – met" not in await visitor.main()


async def test_a_password_can_be_shown_and_is_hidden_again_when_sent(visitor: Visitor) -> None:
    await visitor.begin(LOGIN)
    field, again = visitor.field("New password"), visitor.field("Repeat the new password")
    await field.fill(PASSWORD)
    await visitor.page.get_by_role("button", name="Show: New password").click()
    assert await visitor.page.get_by_role("button", name="Hide: New password").inner_text() == "Hide"
    assert [await each.get_attribute("type") for each in (field, again)] == ["text", "password"]
    await visitor.page.evaluate(
        "document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())"
    )
    await field.press("Enter")
    assert await field.get_attribute("type") == "password"
    assert await field.input_value() == PASSWORD


async def test_password_managers_find_what_they_look_for(visitor: Visitor) -> None:
    """The tokens are those of the HTML standard's autofill; a new password stands beside its user name."""
    read = "all => all.filter(e => e.autocomplete).map(e => [e.id, e.type, e.autocomplete, e.value])"
    fields = visitor.page.locator("main input")
    await visitor.goto("/login")
    assert await fields.evaluate_all(read) == [
        ["login", "text", "username", ""], ["password", "password", "current-password", ""]
    ]  # fmt: skip
    await visitor.begin(LOGIN)
    assert await fields.evaluate_all(read) == [
        ["username", "text", "username", LOGIN],
        ["password", "password", "new-password", ""],
        ["password_again", "password", "new-password", ""],
    ]
    await visitor.choose(PASSWORD)
    assert await fields.evaluate_all(read) == [["pin", "text", "one-time-code", ""]]
