"""Submitting once, at today's fee, by who may; and what follows a submission."""

import base64
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from resolvers.permissions import MAY_CHANGE, Subject
from resolvers.viewer import Role
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.requests import KINDS, SUBMIT, made, right_input, submit

CLIENT, OTHER = "0010006", "0010007"
STEP = """mutation($input: ServiceRequest%sInput!) { it: serviceRequest%s(input: $input) {
  serviceRequest { id status history { status by } } errors { __typename code path
    ... on StatusNotAllowed { status } } } }"""


def step(person: Person, name: str, key: str) -> Any:
    return person.data(STEP % (name, name), input={"id": key})["it"]


def requests_of(backoffice: Sandbox, client: str) -> set[str]:
    return {each["id"] for each in backoffice.page("requests", "client", client, first=1000)}


def sent(backoffice: Sandbox) -> int:
    """How many submissions the back office has seen; one that hung is logged once its caller has gone."""
    give_up = time.monotonic() + 5
    while True:
        calls = backoffice.ask("GET", "/sandbox/calls")["calls"]
        count = [call["path"] for call in calls].count("/v1/requests")
        if count or time.monotonic() > give_up:
            return count
        time.sleep(0.05)


def local(node: str) -> str:
    """The ERP's id of a request."""
    return base64.urlsafe_b64decode(node + "=" * (-len(node) % 4)).decode().partition(":")[2]


def test_fifty_parallel_submissions_make_one_request(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in(CLIENT)
    given, before = right_input(person, "ScheduleChangeOffer"), requests_of(backoffice, CLIENT)
    with ThreadPoolExecutor(50) as pool:
        payloads = list(pool.map(lambda _: submit(person, "ScheduleChangeOffer", given), range(50)))
    assert [payload["errors"] for payload in payloads] == [[]] * 50
    assert len({payload["serviceRequest"]["id"] for payload in payloads}) == 1
    assert len(requests_of(backoffice, CLIENT) - before) == 1


def test_the_same_key_for_something_else_is_a_conflict(logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    given = right_input(person, "ScheduleChangeOffer")
    first = submit(person, "ScheduleChangeOffer", given)["serviceRequest"]
    for name, other in (
        ("ScheduleChangeOffer", given | {"reason": "Inny powód"}),
        ("CooperationOpinion", right_input(person, "CooperationOpinion")),
    ):
        payload = submit(person, name, other | {"idempotencyKey": given["idempotencyKey"]})
        assert payload["serviceRequest"] is None
        assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert submit(person, "ScheduleChangeOffer", given)["serviceRequest"] == first


def test_two_clients_may_choose_the_same_key(logged_in: Callable[[str], Person]) -> None:
    a = made(logged_in(CLIENT), "CooperationOpinion", idempotencyKey="my-first-request")
    b = made(logged_in(OTHER), "CooperationOpinion", idempotencyKey="my-first-request")
    assert a["id"] != b["id"]


@pytest.mark.parametrize("key", ["short", "x" * 65, "with a space", "zażółć-gęślą"])
def test_a_bad_key(key: str, logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    payload = submit(
        person, "CooperationOpinion", right_input(person, "CooperationOpinion") | {"idempotencyKey": key}
    )
    assert [(e["code"], e["path"]) for e in payload["errors"]] == [("INVALID", ["input", "idempotencyKey"])]


def test_another_day_changes_no_request_that_was_made(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """The fee rises and the day passes; who was left without an answer gets the request, not an error."""
    person = logged_in(CLIENT)
    given = right_input(person, "EarlyTerminationOffer") | {"terminationDate": "2026-11-22"}
    first = submit(person, "EarlyTerminationOffer", given)["serviceRequest"]
    backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-23"})
    backoffice.ask("PUT", "/sandbox/fees/EARLY_TERMINATION_OFFER", {"net": "250.00"})
    try:
        assert submit(person, "EarlyTerminationOffer", given)["serviceRequest"] == first
        anew = submit(person, "EarlyTerminationOffer", given | {"idempotencyKey": "another-key"})
        assert [error["code"] for error in anew["errors"]] == ["INVALID", "FEE_CHANGED"]
        assert anew["errors"][1]["fee"] == {"gross": {"amount": "307.50"}}
    finally:
        backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})
        backoffice.ask("PUT", "/sandbox/fees/EARLY_TERMINATION_OFFER", {"net": "200.00"})


@pytest.mark.parametrize("fee", [("122.99", "PLN"), ("123.00", "EUR"), ("123.001", "PLN")], ids=str)
def test_a_fee_that_is_not_today_s(fee: tuple[str, str], logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    given = right_input(person, "CooperationOpinion")
    given["acceptedFee"] = {"amount": fee[0], "currency": fee[1]}
    (error,) = submit(person, "CooperationOpinion", given)["errors"]
    assert (error["__typename"], error["fee"]) == ("FeeChanged", {"gross": {"amount": "123.00"}})


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"mode": "hang"}, "UPSTREAM_TIMEOUT"), ({"mode": "reset-mid-body"}, "UPSTREAM_UNAVAILABLE"),
     ({"status": 503}, "UPSTREAM_UNAVAILABLE")], ids=str,
)  # fmt: skip
def test_without_an_answer_the_caller_may_send_it_again(
    fault: dict[str, Any], code: str, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in(CLIENT)
    given, before = right_input(person, "PolicyDuplicate"), requests_of(backoffice, CLIENT)
    with backoffice.fault("/v1/requests", **fault), backoffice.calls():
        answer = person.ask(SUBMIT % {"name": "PolicyDuplicate"}, input=given)
    assert answer["data"] == {"it": None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == code
    assert "same idempotencyKey" in error["message"]
    assert sent(backoffice) == 1, "it was sent again by itself"
    assert submit(person, "PolicyDuplicate", given)["errors"] == []
    assert len(requests_of(backoffice, CLIENT) - before) == 1


def test_cancelling(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    person = logged_in(CLIENT)
    request = made(person, "CooperationOpinion")
    for _ in range(2):  # again is no mistake
        payload = step(person, "Cancel", request["id"])
        assert payload["errors"] == []
        assert payload["serviceRequest"]["history"] == [
            {"status": "SUBMITTED", "by": CLIENT},
            {"status": "CANCELLED", "by": CLIENT},
        ]
    done = made(person, "CooperationOpinion")
    backoffice.ask("PUT", f"/sandbox/requests/{local(done['id'])}", {"status": "COMPLETED"})
    (error,) = step(person, "Cancel", done["id"])["errors"]
    assert (error["code"], error["status"]) == ("STATUS_NOT_ALLOWED", "COMPLETED")


def test_accepting_an_offer(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    person = logged_in(CLIENT)
    request = made(person, "EarlyTerminationOffer")
    switch = f"/sandbox/requests/{local(request['id'])}"
    (error,) = step(person, "OfferAccept", request["id"])["errors"]
    assert (error["code"], error["status"]) == ("STATUS_NOT_ALLOWED", "SUBMITTED")
    backoffice.ask("PUT", switch, {"status": "OFFER_READY", "validUntil": "2026-11-21", "note": "Oferta"})
    (error,) = step(person, "OfferAccept", request["id"])["errors"]
    assert (error["code"], error["status"]) == ("STATUS_NOT_ALLOWED", "OFFER_READY")
    backoffice.ask("PUT", switch, {"status": "OFFER_READY", "validUntil": "2026-11-22"})
    query = """query($id: ID!) { node(id: $id) { ... on EarlyTerminationOfferRequest {
        validUntil resultDocuments { title kind } history { note } } } }"""
    node = person.data(query, id=request["id"])["node"]
    assert node["validUntil"] == "2026-11-22"
    assert node["resultDocuments"] == [
        {"title": f"Odpowiedź na wniosek {request['number']}", "kind": "OTHER"}
    ]
    assert [each["note"] for each in node["history"]] == [None, "Oferta", None]
    for _ in range(2):  # again is no mistake
        assert step(person, "OfferAccept", request["id"])["serviceRequest"]["status"] == "ACCEPTED"


@pytest.fixture(params=[Role.ACCOUNTANT, Role.FLEET, Role.READ_ONLY], ids=lambda role: role.name)
def in_role(
    request: pytest.FixtureRequest, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> Iterator[tuple[Role, Person]]:
    """Somebody who has logged in with another role than the owner's."""
    login = "0010012"
    person = logged_in(login)
    for role in (request.param, Role.OWNER):
        backoffice.ask("PUT", f"/sandbox/accounts/{login}", {"role": role.name})
        person.log_in(login)
        if role is request.param:
            yield role, person


def test_roles(in_role: tuple[Role, Person], logged_in: Callable[[str], Person]) -> None:
    role, person = in_role
    for name in KINDS:
        given = right_input(person, name)
        subject = Subject.CONTRACT if "contractId" in given else Subject.CLIENT
        codes = [error["code"] for error in submit(person, name, given)["errors"]]
        assert codes == ([] if role in MAY_CHANGE["serviceRequest", subject] else ["NOT_PERMITTED"]), name
    data = person.data(
        "{ viewer { clients { nodes { availableRequests { reason } serviceRequests { nodes { id } } } } } }"
    )
    (client,) = data["viewer"]["clients"]["nodes"]
    reasons = {each["reason"] for each in client["availableRequests"]}
    assert reasons == ({None} if role in MAY_CHANGE["serviceRequest", Subject.CLIENT] else {"ROLE"})
    # 0010010 heads the group and acts for this client too.
    of_client = made_for(logged_in("0010010"), "0010012")
    codes = [error["code"] for error in step(person, "Cancel", of_client)["errors"]]
    assert codes == ([] if role in MAY_CHANGE["serviceRequest", Subject.CLIENT] else ["NOT_PERMITTED"])


def made_for(person: Person, number: str) -> str:
    client = person.data("query($n: String!) { client(number: $n) { id } }", n=number)["client"]
    request = made(person, "CooperationOpinion", clientId=client["id"])
    return str(request["id"])


def test_nobody_logged_in(gateway: Gateway, backoffice: Sandbox, logged_in: Callable[[str], Person]) -> None:
    person = logged_in(CLIENT)
    with Person(gateway, backoffice) as stranger:
        for name in KINDS:
            payload = submit(stranger, name, right_input(person, name))
            assert payload is None


def test_a_result_document_is_theirs_as_long_as_it_is_there(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in(CLIENT)
    request = made(person, "ScheduleChangeOffer")
    switch = f"/sandbox/requests/{local(request['id'])}"
    backoffice.ask("PUT", switch, {"status": "OFFER_READY", "validUntil": "2026-12-06"})
    query = """query($n: String!) { serviceRequest(number: $n) {
        resultDocuments { kind size issuedOn download { url } } } }"""
    (document,) = person.data(query, n=request["number"])["serviceRequest"]["resultDocuments"]
    answer = person.browser.get(document["download"]["url"])
    assert (answer.status_code, len(answer.content)) == (200, document["size"])
    assert answer.content.startswith(b"%PDF-")
    (client,) = person.data("""{ viewer { clients { nodes { documents(filter: {
        kinds: [OTHER], issuedFrom: "2026-11-22", issuedTo: "2026-11-22" }) { nodes { size } } } } } }""")[
        "viewer"
    ]["clients"]["nodes"]
    assert {"size": document["size"]} in client["documents"]["nodes"]
    assert logged_in(OTHER).browser.get(document["download"]["url"]).status_code == 404
    backoffice.ask("PUT", switch, {"status": "IN_REVIEW"})
    assert person.browser.get(document["download"]["url"]).status_code == 404
