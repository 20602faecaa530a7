"""Submissions of service requests: an input that is right for each kind, and the mutation that sends it."""

from typing import Any
from uuid import uuid4

from tests.harness.person import Person

KINDS = {
    "CooperationOpinion": "COOPERATION_OPINION",
    "EarlyTerminationOffer": "EARLY_TERMINATION_OFFER",
    "PolicyDuplicate": "POLICY_DUPLICATE",
    "TravelAuthorisation": "TRAVEL_AUTHORISATION",
    "ScheduleChangeOffer": "SCHEDULE_CHANGE_OFFER",
    "RegisteredSeatChange": "REGISTERED_SEAT_CHANGE",
    "Complaint": "COMPLAINT",
}
MINE = """{ viewer { clients { nodes { id number availableRequests { kind fee { gross { amount currency } } }
  contracts { nodes { id number endsOn assets { __typename ... on Vehicle { registrationNumber } }
    policies { id validTo } availableRequests { kind reason fee { gross { amount currency } } } } } } } } }"""
SUBMIT = """mutation($input: ServiceRequest%(name)sSubmitInput!) {
  it: serviceRequest%(name)sSubmit(input: $input) {
  serviceRequest { id number status __typename }
  errors { __typename code message path
    ... on FeeChanged { fee { gross { amount } } } ... on NotEligible { reason } } } }"""
CHANGES: dict[str, Any] = {
    "CooperationOpinion": {
        "contracts": {"all": True}, "purpose": "przetarg", "addressee": "Gmina", "language": "EN",
        "delivery": "EMAIL",
    },
    "EarlyTerminationOffer": {"terminationDate": "2026-12-31", "mode": "BUY_OUT"},
    "PolicyDuplicate": {"delivery": "POST"},
    "TravelAuthorisation": {
        "countries": ["DE"], "from": "2026-12-01", "to": "2026-12-10", "drivers": ["Anna Dębska"],
        "language": "DE",
    },
    "ScheduleChangeOffer": {"change": {"dueDay": 20}, "reason": "Termin wpływu należności"},
    "Complaint": {"subject": "Opłata", "description": "Nie zgadza się."},
    "RegisteredSeatChange": {
        "address": {
            "street": "Nowa", "building": "1", "postalCode": "00-001", "city": "Warszawa", "country": "PL",
        },
        "effectiveOn": "2026-12-01", "registerEvidence": "KRS, wpis nr 20", "correspondenceAddressToo": True,
    },
}  # fmt: skip


def right_input(person: Person, name: str) -> dict[str, Any]:
    """An input of the kind that the back office takes, about the person's first client and contract."""
    client = person.data(MINE)["viewer"]["clients"]["nodes"][0]
    contract = next(
        each for each in client["contracts"]["nodes"] if each["assets"][0]["__typename"] == "Vehicle"
    )
    offers = client["availableRequests"] + contract["availableRequests"]
    (fee,) = [each["fee"]["gross"] for each in offers if each["kind"] == KINDS[name]]
    given = {"idempotencyKey": uuid4().hex, "acceptedFee": fee, **CHANGES[name]}
    if KINDS[name] in {each["kind"] for each in client["availableRequests"]}:
        return {**given, "clientId": client["id"]}
    if name == "PolicyDuplicate":
        given["policyId"] = contract["policies"][0]["id"]
    if name == "TravelAuthorisation":
        given["registrationNumber"] = contract["assets"][0]["registrationNumber"].lower().replace(" ", "")
    return {**given, "contractId": contract["id"]}


def submit(person: Person, name: str, given: dict[str, Any]) -> Any:
    """The payload of a submission."""
    return person.data(SUBMIT % {"name": name}, input=given)["it"]


def made(person: Person, name: str, **changed: Any) -> Any:
    """A request that was made."""
    payload = submit(person, name, right_input(person, name) | changed)
    assert payload["errors"] == [], payload
    return payload["serviceRequest"]
