"""What anybody may ask of the portal is what its pages and mails do, and nothing of an account."""

import json
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from graphql import get_named_type

from auth.password_rules import PATTERNS, Rule, broken_public_rules
from gateway.portal import FORBIDDEN, NEEDED
from resolvers.portal import CharacterClass, ForbiddenText
from tests.harness.crawl import root_fields, selection
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

WHOLE = "{ portal " + selection(get_named_type(root_fields()["portal"].type), 5) + " }"


@pytest.fixture
def stranger(hasty: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(hasty, backoffice) as person:
        yield person


def test_it_is_the_same_for_everybody(
    gateway: Gateway, backoffice: Sandbox, logged_in: Callable[[str], Person]
) -> None:
    with Person(gateway, backoffice) as stranger:
        told = stranger.data(WHOLE)
    assert told["portal"]
    assert told == logged_in("0010001").data(WHOLE) == logged_in("0010003").data(WHOLE)


def test_its_pages_are_there(stranger: Person) -> None:
    portal = stranger.data("{ portal { leasingCompany loginUrl firstLoginUrl resetPasswordUrl } }")["portal"]
    company = portal.pop("leasingCompany")
    for url in portal.values():
        page = stranger.browser.get(url)
        assert page.status_code == 200, url
        assert company in page.text
        assert 'name="login"' in page.text


def test_a_front_end_can_lead_through_the_first_login_by_it(stranger: Person) -> None:
    """The steps, the bounds of the length and the PIN are those that the flow keeps."""
    query = """{ portal { firstLoginSteps passwordRules { minLength maxLength }
        pin { digits lifetimeSeconds resendAfterSeconds } } }"""
    portal = stranger.data(query)["portal"]
    rules, pin = portal["passwordRules"], portal["pin"]
    assert portal["firstLoginSteps"] == ["LOGIN_NUMBER", "PASSWORD", "PIN"]
    login = "0010014"
    assert stranger.submit("/first-login", login=login).status_code == 303
    for length, status in (
        (rules["minLength"] - 1, 422),
        (rules["maxLength"] + 1, 422),
        (rules["minLength"], 303),
        (rules["maxLength"], 303),
    ):
        password = ("Zm7!" + "wierzbowyukosnik" * 2)[:length]
        answer = stranger.submit("/first-login", password=password, password_again=password)
        assert answer.status_code == status, (length, answer.text)
    assert len(stranger.pin(login)) == pin["digits"]
    assert (pin["lifetimeSeconds"], pin["resendAfterSeconds"]) == (600, 0), "this gateway's settings"


def test_every_rule_of_passwords_is_told() -> None:
    """A rule that auth gets tomorrow needs its word in the graph."""
    lengths = {Rule.TOO_SHORT, Rule.TOO_LONG}
    assert lengths | NEEDED.keys() | FORBIDDEN.keys() == set(Rule)
    assert set(NEEDED.values()) == set(CharacterClass)
    assert set(FORBIDDEN.values()) == set(ForbiddenText)


TICK = """
const [pattern, signs] = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(signs.filter((sign) => new RegExp(pattern, "u").test(sign))));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine")
@pytest.mark.parametrize("rule", PATTERNS)
def test_a_browser_ticks_what_the_server_accepts(rule: Rule) -> None:
    """Every sign of the scripts that Europe writes in, and the symbols, as they are after NFKC."""
    assigned = (
        chr(code) for code in (*range(0x20, 0x1200), *range(0x1E00, 0x2C00), *range(0x1F100, 0x1F700))
    )
    signs = [
        sign
        for sign in assigned
        if unicodedata.is_normalized("NFKC", sign) and unicodedata.category(sign)[0] != "C"
    ]
    ticked = subprocess.run(
        ["node", "-e", TICK],
        input=json.dumps([PATTERNS[rule], signs]),
        capture_output=True,
        text=True,
        check=True,
    )
    accepted = [s for s in signs if rule not in broken_public_rules(s, login="0", leasing_company="")]
    assert json.loads(ticked.stdout) == accepted
    assert accepted
