"""What was acknowledged is there, and once, whatever became of its answers."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from tests.faults.conftest import LOGIN, House
from tests.harness.between import silence
from tests.harness.person import Person
from tests.harness.requests import SUBMIT, right_input
from tests.harness.uploads import client_id, upload

TIMES = 12
STORED = "/documents/v1/content/"


def test_requests_whose_answers_are_lost_are_made_once(house: House, person: Person) -> None:
    """Sent again with the same key until there is an answer, while half of them get lost."""
    given = right_input(person, "Complaint")
    before = {each["number"] for each in house.office.page("requests", "client", LOGIN)}

    def sent() -> str:
        own = given | {"idempotencyKey": uuid4().hex}
        while True:
            answer = person.ask(SUBMIT % {"name": "Complaint"}, input=own)
            if "errors" not in answer:
                assert answer["data"]["it"]["errors"] == []
                return str(answer["data"]["it"]["serviceRequest"]["number"])
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            assert codes <= {"UPSTREAM_UNAVAILABLE", "UPSTREAM_CIRCUIT_OPEN", "UPSTREAM_TIMEOUT"}

    with house.office.fault("/v1/requests", mode="reset-mid-body", rate=0.5), ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: sent(), range(TIMES)))
    after = {each["number"] for each in house.office.page("requests", "client", LOGIN)}
    assert len(set(told)) == TIMES
    assert after - before == set(told)


def test_an_upload_is_sent_once_over_a_connection_that_was_kept(house: House, person: Person) -> None:
    """A store that hangs up on one may have begun to write; the next attempt is the sender's."""
    mine, text = client_id(person, LOGIN), "Zażalenie\n".encode() * 2000

    def put() -> tuple[int, Any]:
        answer = upload(person, mine, "skarga.txt", text)
        return answer.status_code, json.loads(answer.content)

    for _ in range(2):  # each worker has a connection then
        assert put()[0] == 201
    seen = len(house.systems.calls)
    with house.systems.answering(STORED, silence):
        status, told = put()
    assert status == 503
    assert told["errors"][0]["extensions"]["upstream"] == "documents"
    assert [method for method, path in house.systems.calls[seen:] if path.startswith(STORED)] == ["PUT"]
    assert put()[0] == 201
