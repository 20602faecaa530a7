"""Uploads in service requests: who may attach what, once, and who sees it afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.files import PDF, RIGHT
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.requests import KINDS, SUBMIT, made, right_input, submit
from tests.harness.uploads import uploaded

CLIENT, OTHER = "0010008", "0010003"
READ = """query($number: String!) { serviceRequest(number: $number) {
    attachments { id kind fileName sha256 download { url } } } }"""
LISTED = """query($kinds: [DocumentKind!]) { viewer { clients { nodes {
    documents(filter: { kinds: $kinds }, first: 100) { totalCount nodes { id } } } } } }"""


@pytest.fixture(scope="module")
def person(logged_in: Callable[[str], Person]) -> Person:
    return logged_in(CLIENT)


def attachments(person: Person, request: Any) -> Any:
    return person.data(READ, number=request["number"])["serviceRequest"]["attachments"]


def file(person: Person, name: str = "wypis.pdf", number: str = CLIENT) -> str:
    return str(uploaded(person, number, name, RIGHT.get(name, PDF))["id"])


def refused(person: Person, **changed: Any) -> list[tuple[str, list[str]]]:
    payload = submit(person, "Complaint", right_input(person, "Complaint") | changed)
    assert payload["serviceRequest"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_takes_attachments(name: str, person: Person) -> None:
    ids = [file(person, "wypis.pdf"), file(person, "skan.png")]
    found = attachments(person, made(person, name, attachmentIds=ids))
    assert [each["id"] for each in found] == ids
    assert [each["kind"] for each in found] == ["ATTACHMENT", "ATTACHMENT"]
    assert person.browser.get(found[1]["download"]["url"]).content == RIGHT["skan.png"]


def test_without_attachments_the_store_is_not_asked(person: Person, backoffice: Sandbox) -> None:
    given = right_input(person, "Complaint")
    with backoffice.fault("/documents/*", status=503):
        assert submit(person, "Complaint", right_input(person, "Complaint"))["errors"] == []
        absent: tuple[dict[str, Any], ...] = ({"attachmentIds": []}, {"attachmentIds": None})
        for nothing in absent:
            payload = submit(person, "Complaint", given | nothing)
            assert payload["errors"] == []
            assert attachments(person, payload["serviceRequest"]) == []


def test_an_upload_is_in_the_client_s_list_once_a_request_took_it(person: Person) -> None:
    def listed() -> tuple[int, set[str]]:
        (client,) = person.data(LISTED, kinds=["ATTACHMENT"])["viewer"]["clients"]["nodes"]
        return client["documents"]["totalCount"], {each["id"] for each in client["documents"]["nodes"]}

    count, _ = listed()
    key = file(person)
    assert listed()[0] == count
    made(person, "Complaint", attachmentIds=[key])
    after, ids = listed()
    assert (after, key in ids) == (count + 1, True)


def test_the_same_attachments_again_are_the_same_request(person: Person) -> None:
    given = right_input(person, "Complaint") | {"attachmentIds": [file(person)]}
    first = submit(person, "Complaint", given)["serviceRequest"]
    again = {**given, "attachmentIds": given["attachmentIds"] * 2}
    assert submit(person, "Complaint", given) == submit(person, "Complaint", again)
    assert submit(person, "Complaint", given)["serviceRequest"] == first
    for other in ([file(person)], [], [*given["attachmentIds"], file(person)]):
        payload = submit(person, "Complaint", given | {"attachmentIds": other})
        assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert [each["id"] for each in attachments(person, first)] == given["attachmentIds"]


def test_what_is_no_upload_of_theirs(person: Person, logged_in: Callable[[str], Person]) -> None:
    """A foreign upload, a document of the back office, another object, and none at all answer alike."""
    (client,) = person.data(LISTED, kinds=["CONTRACT_PDF"])["viewer"]["clients"]["nodes"]
    contract = client["documents"]["nodes"][0]["id"]
    foreign = file(logged_in(OTHER), number=OTHER)
    own, path = file(person), ["input", "attachmentIds", "1"]
    for key in (foreign, contract, right_input(person, "Complaint")["clientId"], "RG9jdW1lbnQ6WA", "", "ą"):
        assert refused(person, attachmentIds=[own, key]) == [("NOT_FOUND", path)], key


def test_colleagues(logged_in: Callable[[str], Person]) -> None:
    """0010010 acts for 0010011 too: nobody attaches what the other uploaded; both see what was attached."""
    head, member = logged_in("0010010"), logged_in("0010011")
    mine = file(head, number="0010011")
    assert refused(member, attachmentIds=[mine]) == [("NOT_FOUND", ["input", "attachmentIds", "0"])]
    client = right_input(member, "Complaint")["clientId"]
    elsewhere = right_input(head, "Complaint")["clientId"]
    assert elsewhere != client
    assert refused(head, attachmentIds=[mine], clientId=elsewhere) == [
        ("NOT_FOUND", ["input", "attachmentIds", "0"])
    ]
    request = made(head, "Complaint", attachmentIds=[mine], clientId=client)
    (found,) = attachments(member, request)
    assert member.browser.get(found["download"]["url"]).content == PDF
    assert member.data("query($id: ID!) { node(id: $id) { id } }", id=mine)["node"] == {"id": mine}
    stranger = logged_in(OTHER)
    assert stranger.data("query($id: ID!) { node(id: $id) { id } }", id=mine)["node"] is None
    assert stranger.browser.get(found["download"]["url"]).status_code == 404


def test_how_many(person: Person) -> None:
    ids = [file(person) for _ in range(11)]
    assert refused(person, attachmentIds=ids) == [("INVALID", ["input", "attachmentIds"])]
    assert len(attachments(person, made(person, "Complaint", attachmentIds=ids[:10]))) == 10


def test_an_upload_that_expired(person: Person, backoffice: Sandbox) -> None:
    left, taken = file(person), file(person)
    request = made(person, "Complaint", attachmentIds=[taken])
    try:
        backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-24"})
        assert refused(person, attachmentIds=[left]) == [("NOT_FOUND", ["input", "attachmentIds", "0"])]
        assert [each["id"] for each in attachments(person, request)] == [taken]
    finally:
        backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})


@pytest.mark.parametrize("path", ["/documents/v1/get", "/documents/v1/keep"])
def test_a_store_that_fails_makes_no_request(path: str, person: Person, backoffice: Sandbox) -> None:
    given = right_input(person, "Complaint") | {"attachmentIds": [file(person)]}
    with backoffice.fault(path, status=503), backoffice.calls() as calls:
        answer = person.ask(SUBMIT % {"name": "Complaint"}, input=given)
    assert answer["data"] == {"it": None}
    assert answer["errors"][0]["extensions"]["upstream"] == "documents"
    assert "/v1/requests" not in [call["path"] for call in calls]
    assert submit(person, "Complaint", given)["errors"] == []


def test_without_an_answer_the_same_may_be_sent_again(person: Person, backoffice: Sandbox) -> None:
    given = right_input(person, "Complaint") | {"attachmentIds": [file(person)]}
    with backoffice.fault("/v1/requests", status=503):
        assert person.ask(SUBMIT % {"name": "Complaint"}, input=given)["data"] == {"it": None}
    payload = submit(person, "Complaint", given)
    assert payload["errors"] == []
    assert [each["id"] for each in attachments(person, payload["serviceRequest"])] == given["attachmentIds"]


def test_a_store_that_is_down_costs_attachments_only(person: Person, backoffice: Sandbox) -> None:
    request = made(person, "Complaint", attachmentIds=[file(person)])
    query = "query($n: String!) { serviceRequest(number: $n) { number status attachments { id } } }"
    with backoffice.fault("/documents/*", status=503):
        answer = person.ask(query, n=request["number"])
    assert answer["data"]["serviceRequest"] == {
        "number": request["number"], "status": "SUBMITTED", "attachments": None,
    }  # fmt: skip
    assert [error["path"] for error in answer["errors"]] == [["serviceRequest", "attachments"]]


def test_in_a_folder_of_documents(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> None:
    root = tmp_path_factory.mktemp("documents")
    gateway = Gateway(tmp_path_factory.mktemp("folder"), backoffice, DOCUMENTS_URL=root.as_uri())
    try:
        with Person(gateway, backoffice) as somebody:
            somebody.enter(CLIENT)
            key = file(somebody)
            (waiting,) = (root / ".uploads").glob("*/*/*")
            assert waiting.read_bytes() == PDF
            (found,) = attachments(somebody, made(somebody, "Complaint", attachmentIds=[key]))
            assert (found["id"], found["fileName"]) == (key, "wypis.pdf")
            assert somebody.browser.get(found["download"]["url"]).content == PDF
            (kept,) = (root / CLIENT).glob("upload-*/ATTACHMENT--wypis.pdf")
            assert kept.read_bytes() == PDF
            assert not waiting.exists()
    finally:
        gateway.close()
