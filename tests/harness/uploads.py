"""Uploading as a front end does."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2

from tests.harness.person import Person

PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
CLIENTS = "{ viewer { clients { nodes { id number } } } }"


def client_id(person: Person, number: str) -> str:
    """The id of a client of theirs."""
    nodes = person.data(CLIENTS)["viewer"]["clients"]["nodes"]
    (found,) = [node["id"] for node in nodes if node["number"] == number]
    return str(found)


def named(name: str) -> dict[str, str]:
    """The headers of an upload."""
    return {**PREFLIGHT, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def upload(
    person: Person, client: str, name: str, data: bytes | Iterator[bytes], **headers: str
) -> httpx2.Response:
    """The answer to an upload; headers are given with underscores for dashes."""
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    return person.browser.post(
        "/uploads", params={"clientId": client}, content=data, headers={**named(name), **more}
    )


def uploaded(person: Person, number: str, name: str, data: bytes) -> Any:
    """The document of a file that was taken."""
    answer = upload(person, client_id(person, number), name, data)
    assert answer.status_code == 201, answer.text
    return answer.json()


def error(answer: httpx2.Response) -> tuple[int, str, str | None]:
    """Status, code and argument of the only error."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    (told,) = answer.json()["errors"]
    assert told["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert told["message"]
    return answer.status_code, told["extensions"]["code"], told["extensions"].get("argument")
