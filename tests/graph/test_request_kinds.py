"""Each kind of service request: submitted, read back with its own fields, and its rules."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.harness.requests import KINDS, SUBMIT, made, right_input, submit

CLIENT = "0010002"

READ = """query($number: String!) { serviceRequest(number: $number) {
  __typename kind status number submittedBy slaDueAt fee { gross { amount currency } chargedWhen acceptedAt }
  history { status by note }
  client { number } contract { number } resultDocuments { title }
  ... on CooperationOpinionRequest { contracts { number } purpose addressee language delivery }
  ... on EarlyTerminationOfferRequest { terminationDate mode buyerNip validUntil }
  ... on PolicyDuplicateRequest { policy { validTo } delivery }
  ... on TravelAuthorisationRequest { registrationNumber countries from to drivers language policyAnnex }
  ... on ScheduleChangeOfferRequest { change months netInstalment dueDay deferredInstalments reason }
  ... on RegisteredSeatChangeRequest { address { postalCode city } effectiveOn correspondenceAddressToo }
  } }"""

OWN: dict[str, dict[str, Any]] = {
    "CooperationOpinion": {"contracts": None, "purpose": "przetarg", "addressee": "Gmina", "language": "EN"},
    "EarlyTerminationOffer": {"terminationDate": "2026-12-31", "mode": "BUY_OUT", "buyerNip": None},
    "PolicyDuplicate": {"delivery": "POST"},
    "TravelAuthorisation": {
        "countries": ["DE"],
        "from": "2026-12-01",
        "to": "2026-12-10",
        "drivers": ["Anna Dębska"],
        "language": "DE",
        "policyAnnex": False,
    },
    "ScheduleChangeOffer": {"change": "CHANGE_DUE_DAY", "dueDay": 20, "months": None},
    "Complaint": {},
    "RegisteredSeatChange": {
        "address": {"postalCode": "00-001", "city": "Warszawa"},
        "correspondenceAddressToo": True,
    },
}


@pytest.mark.parametrize("name", KINDS)
def test_a_request_is_made_and_read_back(name: str, logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    request = made(person, name)
    assert (request["__typename"], request["status"]) == (f"{name}Request", "SUBMITTED")
    read = person.data(READ, number=request["number"])["serviceRequest"]
    assert read["kind"] == KINDS[name]
    assert read["fee"]["acceptedAt"]
    assert read["slaDueAt"] > "2026-11-23"
    assert read["history"] == [{"status": "SUBMITTED", "by": CLIENT, "note": None}]
    assert read["client"] == {"number": CLIENT}
    assert {field: read[field] for field in OWN[name]} == OWN[name]


BUYER = "5260250274"
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("CooperationOpinion", {"contracts": {"all": False}}, "contracts.all"),
    ("CooperationOpinion", {"contracts": {"ids": ["bm9uZQ"]}}, "contracts.ids.0"),
    ("CooperationOpinion", {"purpose": "  "}, "purpose"),
    ("CooperationOpinion", {"addressee": "x" * 201}, "addressee"),
    ("CooperationOpinion", {"language": "UNKNOWN"}, "language"),
    ("EarlyTerminationOffer", {"terminationDate": "2026-11-21"}, "terminationDate"),
    ("EarlyTerminationOffer", {"terminationDate": "2099-01-01"}, "terminationDate"),
    ("EarlyTerminationOffer", {"mode": "UNKNOWN"}, "mode"),
    ("EarlyTerminationOffer", {"mode": "THIRD_PARTY"}, "buyerNip"),
    ("EarlyTerminationOffer", {"mode": "THIRD_PARTY", "buyerNip": "5260250275"}, "buyerNip"),
    ("EarlyTerminationOffer", {"buyerNip": BUYER}, "buyerNip"),
    ("PolicyDuplicate", {"policyId": "bm9uZQ"}, "policyId"),
    ("TravelAuthorisation", {"registrationNumber": "XX 1"}, "registrationNumber"),
    ("TravelAuthorisation", {"countries": []}, "countries"),
    ("TravelAuthorisation", {"countries": ["DE"] * 51}, "countries"),
    ("TravelAuthorisation", {"countries": ["DE", "QQ"]}, "countries.1"),
    ("TravelAuthorisation", {"countries": ["RU"], "policyAnnex": True}, "countries.0"),
    ("TravelAuthorisation", {"countries": ["UA"]}, "countries.0"),
    ("TravelAuthorisation", {"countries": ["US"]}, "countries.0"),
    ("TravelAuthorisation", {"from": "2026-11-21"}, "from"),
    ("TravelAuthorisation", {"to": "2026-11-30"}, "to"),
    ("TravelAuthorisation", {"to": "2029-01-01"}, "to"),
    ("TravelAuthorisation", {"drivers": []}, "drivers"),
    ("TravelAuthorisation", {"drivers": [" "]}, "drivers.0"),
    ("ScheduleChangeOffer", {"change": {"dueDay": 0}}, "change.dueDay"),
    ("ScheduleChangeOffer", {"change": {"dueDay": 29}}, "change.dueDay"),
    ("ScheduleChangeOffer", {"change": {"extendByMonths": 0}}, "change.extendByMonths"),
    ("ScheduleChangeOffer", {"change": {"shortenByMonths": 500}}, "change.shortenByMonths"),
    ("ScheduleChangeOffer", {"change": {"netInstalment": "0.00"}}, "change.netInstalment"),
    ("ScheduleChangeOffer", {"change": {"netInstalment": "10.001"}}, "change.netInstalment"),
    ("ScheduleChangeOffer", {"change": {"deferInstalments": 0}}, "change.deferInstalments"),
    ("ScheduleChangeOffer", {"reason": ""}, "reason"),
    ("RegisteredSeatChange", {"registerEvidence": ""}, "registerEvidence"),
]


@pytest.mark.parametrize(("name", "changed", "path"), BROKEN, ids=str)
def test_a_broken_rule_is_told_with_its_path(
    name: str, changed: dict[str, Any], path: str, logged_in: Callable[[str], Person]
) -> None:
    person = logged_in(CLIENT)
    payload = submit(person, name, right_input(person, name) | changed)
    assert payload["serviceRequest"] is None
    (error,) = payload["errors"]
    assert ".".join(error["path"]) == f"input.{path}"
    assert error["code"] == ("NOT_FOUND" if changed.get(path.partition(".")[0]) in NAMED else "INVALID")


NAMED: list[Any] = ["bm9uZQ", {"ids": ["bm9uZQ"]}, "XX 1"]


@pytest.mark.parametrize(
    ("changed", "path"),
    [({"postalCode": "0001"}, "postalCode"), ({"postalCode": "00-0011"}, "postalCode"),
     ({"country": "XX"}, "country"), ({"city": ""}, "city")],
)  # fmt: skip
def test_an_address_is_checked(
    changed: dict[str, str], path: str, logged_in: Callable[[str], Person]
) -> None:
    person = logged_in(CLIENT)
    given = right_input(person, "RegisteredSeatChange")
    given["address"] = given["address"] | changed
    (error,) = submit(person, "RegisteredSeatChange", given)["errors"]
    assert error["path"] == ["input", "address", path]


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("EarlyTerminationOffer", {"terminationDate": "2026-11-22"}),
    ("EarlyTerminationOffer", {"mode": "THIRD_PARTY", "buyerNip": "526-025-02-74"}),
    ("TravelAuthorisation", {"countries": ["UA", "US"], "policyAnnex": True}),
    ("TravelAuthorisation", {"from": "2026-11-22", "to": "2026-11-22"}),
    ("ScheduleChangeOffer", {"change": {"dueDay": 28}}),
    ("ScheduleChangeOffer", {"change": {"netInstalment": "1999.99"}}),
    ("ScheduleChangeOffer", {"change": {"deferInstalments": 1}}),
    ("ScheduleChangeOffer", {"change": {"shortenByMonths": 1}}),
    ("ScheduleChangeOffer", {"change": {"extendByMonths": 12}}),
]


@pytest.mark.parametrize(("name", "changed"), RIGHT, ids=str)
def test_what_the_rules_allow(name: str, changed: dict[str, Any], logged_in: Callable[[str], Person]) -> None:
    made(logged_in(CLIENT), name, **changed)


def test_all_errors_are_told_at_once(logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    given = right_input(person, "TravelAuthorisation")
    wrong = {"countries": ["RU"], "drivers": [], "acceptedFee": {"amount": "1.00", "currency": "PLN"}}
    errors = submit(person, "TravelAuthorisation", given | wrong)["errors"]
    assert [error["code"] for error in errors] == ["INVALID", "INVALID", "FEE_CHANGED"]
    assert errors[-1]["fee"] == {"gross": {"amount": given["acceptedFee"]["amount"]}}


def test_exactly_one_alternative(logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    given = right_input(person, "ScheduleChangeOffer")
    query = SUBMIT % {"name": "ScheduleChangeOffer"}
    for change in ({}, {"dueDay": 1, "extendByMonths": 1}, {"dueDay": None}):
        answer = person.ask(query, input=given | {"change": change})
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")


def test_what_is_not_available_says_why(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010014")  # contracts that have ended
    contract = person.data(
        "{ viewer { clients { nodes { contracts { nodes { id availableRequests { kind reason } } } } } } }"
    )["viewer"]["clients"]["nodes"][0]["contracts"]["nodes"][0]
    assert {each["reason"] for each in contract["availableRequests"]} == {"CONTRACT_NOT_ACTIVE"}
    given = right_input(person, "ScheduleChangeOffer") | {"contractId": contract["id"]}
    (error,) = submit(person, "ScheduleChangeOffer", given)["errors"]
    assert (error["code"], error["reason"]) == ("NOT_ELIGIBLE", "CONTRACT_NOT_ACTIVE")


def test_a_kind_invented_tomorrow_is_a_request_too(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    body = {"clientNumber": "0010012", "kind": "INVENTED_TOMORROW", "submittedBy": "x", "details": {"a": 1}}
    record = backoffice.ask("POST", "/v1/requests", body, {"Idempotency-Key": "invented-1"})
    nodes = logged_in("0010012").data(
        """{ viewer { clients { nodes { serviceRequests { nodes {
            __typename id number kind fee { vat { amount } } } } } } } }"""
    )["viewer"]["clients"]["nodes"][0]["serviceRequests"]["nodes"]
    (found,) = [node for node in nodes if node["number"] == record["number"]]
    assert (found["__typename"], found["kind"], found["fee"]) == ("OtherRequest", "UNKNOWN", None)
    again = logged_in("0010012").data("query($id: ID!) { node(id: $id) { __typename } }", id=found["id"])
    assert again["node"] == {"__typename": "OtherRequest"}


def test_details_that_make_no_sense_cost_their_own_fields(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    body = {"clientNumber": "0010012", "kind": "SCHEDULE_CHANGE_OFFER", "submittedBy": "x",
            "details": {"dueDay": "soon"}}  # fmt: skip
    record = backoffice.ask("POST", "/v1/requests", body, {"Idempotency-Key": "nonsense-1"})
    query = """query($n: String!) { serviceRequest(number: $n) {
        number ... on ScheduleChangeOfferRequest { dueDay } } }"""
    answer = logged_in("0010012").ask(query, n=record["number"])
    assert answer["data"]["serviceRequest"] == {"number": record["number"], "dueDay": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["RECORD_MALFORMED"]
