"""Promotions: by audience and by the back office's day, dismissed by one user for good."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

QUERY = """query($all: Boolean = false) { viewer { clients(first: 100) { nodes { number
  promotions(includeDismissed: $all) {
    code slot title { pl en } body { pl en } imageUrl link validFrom validTo priority audience dismissible
  } } } } }"""
DISMISS = """mutation($code: String!) { promotionDismiss(input: {code: $code}) {
  promotion { code } errors { __typename message path code } } }"""


def promotions(person: Person, **variables: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.data(QUERY, **variables)["viewer"]["clients"]["nodes"][0][
        "promotions"
    ]
    return found


def codes(person: Person, **variables: Any) -> list[str]:
    return [each["code"] for each in promotions(person, **variables)]


def dismissed(person: Person, code: str) -> Any:
    return person.data(DISMISS, code=code)["promotionDismiss"]


@pytest.fixture
def another_day(backoffice: Sandbox) -> Iterator[Callable[[str], None]]:
    """Sets the back office's day, and its own day again in the end."""
    yield lambda day: backoffice.ask("PUT", "/sandbox/today", {"date": day})
    backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})


def test_by_audience(logged_in: Callable[[str], Person]) -> None:
    assert codes(logged_in("0010001")) == ["BETTER-TERMS", "KSEF"]
    assert codes(logged_in("0010013")) == ["BETTER-TERMS", "FIRST-CONTRACT", "KSEF"]


def test_everything_that_it_says(logged_in: Callable[[str], Person]) -> None:
    banner = promotions(logged_in("0010001"))[0]
    assert banner == {
        "code": "BETTER-TERMS",
        "slot": "BANNER",
        "title": {"pl": "Sprawdź promocje", "en": "Check our promotions"},
        "body": {
            "pl": "Sprawdź promocje i skorzystaj z finansowania na jeszcze atrakcyjniejszych warunkach.",
            "en": "Check our promotions and finance your assets on even better terms.",
        },
        "imageUrl": "https://www.example.com/grafika/better-terms.png",
        "link": "https://www.example.com/promocje/better-terms",
        "validFrom": "2026-10-23",
        "validTo": "2027-01-21",
        "priority": 10,
        "audience": "ALL",
        "dismissible": True,
    }


def test_by_the_back_office_s_day(
    logged_in: Callable[[str], Person], another_day: Callable[[str], None]
) -> None:
    person = logged_in("0010001")
    another_day("2026-11-23")
    assert "NEXT-MONTH" in codes(person)
    another_day("2027-01-21")
    assert "BETTER-TERMS" in codes(person)
    another_day("2027-01-22")
    assert "BETTER-TERMS" not in codes(person)


def test_a_contract_that_ends_soon(
    logged_in: Callable[[str], Person], another_day: Callable[[str], None], backoffice: Sandbox
) -> None:
    person = logged_in("0010001")
    ends = [
        each["endsOn"]
        for each in backoffice.page("contracts", "client", "0010001")
        if each["status"] == "ACTIVE" and each["endsOn"] > "2027-05-22"
    ]
    assert ends, "nothing ends later than in half a year"
    assert "RENEWAL" not in codes(person)
    # Its offer is valid for ninety days; some client of the portfolio has a contract that ends in time.
    numbers = [client["clientNumber"] for client in ending(backoffice)]
    shown = backoffice.ask("POST", "/v1/promotions/list", {"by": "client", "keys": numbers, "first": None})
    assert numbers
    for page in shown["results"]:
        assert "RENEWAL" in [item["code"] for item in page["items"]]
    another_day("2027-02-20")
    assert "RENEWAL" not in codes(person)


def ending(backoffice: Sandbox) -> list[dict[str, Any]]:
    numbers = [f"{20001 + place:07d}" for place in range(15)]
    question = {"by": "client", "keys": numbers, "first": 1000, "filter": {"statuses": ["ACTIVE"]}}
    pages = backoffice.ask("POST", "/v1/contracts/list", question)["results"]
    return [
        item for page in pages for item in page["items"] if "2026-11-22" <= item["endsOn"] <= "2027-05-22"
    ]


def test_dismissed_by_one_user_for_good(logged_in: Callable[[str], Person]) -> None:
    person, other = logged_in("0010014"), logged_in("0010002")
    assert codes(person)[0] == codes(other)[0] == "BETTER-TERMS"
    for _ in range(2):
        assert dismissed(person, "BETTER-TERMS") == {"promotion": {"code": "BETTER-TERMS"}, "errors": []}
        assert "BETTER-TERMS" not in codes(person)
    assert codes(person, all=True)[0] == "BETTER-TERMS"
    assert codes(other)[0] == "BETTER-TERMS"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("KSEF", "NOT_DISMISSIBLE"),
        ("FIRST-CONTRACT", "NOT_FOUND"),
        ("SUMMER", "NOT_FOUND"),
        ("", "NOT_FOUND"),
    ],
)
def test_what_can_t_be_dismissed(code: str, reason: str, logged_in: Callable[[str], Person]) -> None:
    """Another audience's promotion answers like one that doesn't exist."""
    answer = dismissed(logged_in("0010001"), code)
    assert answer["promotion"] is None
    (error,) = answer["errors"]
    assert (error["code"], error["path"]) == (reason, ["input", "code"])
    assert error["__typename"] == {"NOT_FOUND": "NotFound", "NOT_DISMISSIBLE": "NotDismissible"}[reason]
    assert error["message"]


def test_a_stranger_dismisses_nothing(gateway: Gateway, backoffice: Sandbox) -> None:
    with Person(gateway, backoffice) as stranger:
        assert dismissed(stranger, "BETTER-TERMS") is None


def test_without_the_back_office_only_promotions_are_missing(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    with backoffice.fault("/v1/promotions/list", status=503):
        answer = logged_in("0010001").ask(QUERY)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert answer["data"]["viewer"]["clients"]["nodes"] == [{"number": "0010001", "promotions": None}]
        answer = logged_in("0010001").ask(DISMISS, code="BETTER-TERMS")
        assert answer["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert answer["data"] == {"promotionDismiss": None}


OWN = """query($all: Boolean = false) { viewer { promotions(includeDismissed: $all) { code priority }
  clients(first: 100) { nodes { number promotions(includeDismissed: $all) { code } } } } }"""


def own_codes(person: Person, **variables: Any) -> list[str]:
    return [each["code"] for each in person.data(OWN, **variables)["viewer"]["promotions"]]


def test_a_person_s_own_are_those_of_all_their_clients_each_once(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """The FAQ page's banner: asked for without a client."""
    head = logged_in("0010010")
    with backoffice.calls() as calls:
        viewer = head.data(OWN, all=True)["viewer"]
    assert len([call for call in calls if call["path"] == "/v1/promotions/list"]) == 1
    of_clients = [[each["code"] for each in node["promotions"]] for node in viewer["clients"]["nodes"]]
    assert len(of_clients) == 3
    codes = [each["code"] for each in viewer["promotions"]]
    assert codes[0] == "BETTER-TERMS"
    assert set(codes) == {code for some in of_clients for code in some}
    assert len(codes) == len(set(codes))
    priorities = [each["priority"] for each in viewer["promotions"]]
    assert priorities == sorted(priorities)


def test_a_person_s_own_differ_by_client_and_are_merged_in_order(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """Of a client with contracts and of one without: what is for one of them comes in its place."""
    person = logged_in("0010015")
    backoffice.ask("PUT", "/sandbox/accounts/0010015", {"clientNumbers": ["0010015", "0010013"]})
    try:
        person.log_in("0010015")
        assert own_codes(person) == ["BETTER-TERMS", "FIRST-CONTRACT", "KSEF"]
        assert dismissed(person, "FIRST-CONTRACT")["errors"] == []
        assert own_codes(person) == ["BETTER-TERMS", "KSEF"]
        assert "FIRST-CONTRACT" in own_codes(person, all=True)
    finally:
        backoffice.ask("PUT", "/sandbox/accounts/0010015", {"clientNumbers": ["0010015"]})
        person.log_in("0010015")
    assert own_codes(person, all=True) == ["BETTER-TERMS", "KSEF"]


def test_without_the_back_office_a_person_has_clients_and_no_promotions(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    with backoffice.fault("/v1/promotions/list", status=503):
        answer = logged_in("0010001").ask("{ viewer { promotions { code } user { login } } }")
    assert [error["path"] for error in answer["errors"]] == [["viewer", "promotions"]]
    assert answer["data"]["viewer"] == {"promotions": None, "user": {"login": "0010001"}}
