"""Whatever a system does, its fields are null with an error that names it, and everything else stands.

All three systems fail alike at the same time, each in a part of one query; both engines answer alike.
"""

import copy
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.faults.conftest import House
from tests.harness import between
from tests.harness.between import Talk, saying
from tests.harness.person import Person

QUERY = """{ viewer { user { login } clients { nodes { number balances { net { amount } }
  invoices(first: 3) { totalCount nodes { number allocations { kind } documents { kind } } }
  correspondence(first: 2) { nodes { subject } } } } } }"""
PARTS = {
    "allocations": ("erp", "/v1/allocations/list"),
    "documents": ("documents", "/documents/v1/list"),
    "correspondence": ("mail", "/mail/v1/list"),
}
"""By field, the system that it comes from, and where it asks."""
NOT_FOR_EVER = 15.0
"""Seconds within which there is an answer; systems are given three."""
OK = b"HTTP/1.1 200 OK\r\n"

UNAVAILABLE, MALFORMED, TIMEOUT, REJECTED = (
    f"UPSTREAM_{each}" for each in ("UNAVAILABLE", "MALFORMED", "TIMEOUT", "REJECTED")
)
OF_THE_OFFICE: dict[str, tuple[dict[str, Any], str]] = {
    "slow": ({"latencyMs": 5000}, TIMEOUT),
    "never answers": ({"mode": "hang"}, TIMEOUT),
    "hangs up": ({"mode": "refuse"}, UNAVAILABLE),
    "resets in its answer": ({"mode": "reset-mid-body"}, UNAVAILABLE),
    "garbage": ({"mode": "garbage"}, MALFORMED),
    "half a batch": ({"mode": "half-batch"}, MALFORMED),
    "400": ({"status": 400}, REJECTED),
    "401": ({"status": 401}, REJECTED),
    "404": ({"status": 404}, REJECTED),
    "429": ({"status": 429}, UNAVAILABLE),
    "429, Retry-After": ({"status": 429, "retryAfter": 30}, UNAVAILABLE),
    "500": ({"status": 500}, UNAVAILABLE),
    "503": ({"status": 503}, UNAVAILABLE),
    "503, Retry-After": ({"status": 503, "retryAfter": 30}, UNAVAILABLE),
}
ON_THE_WAY: dict[str, tuple[Talk, str]] = {
    "no answer at all": (between.silence, UNAVAILABLE),
    "no HTTP": (saying(b"\x16\x03\x01 what?\r\n\r\n"), UNAVAILABLE),
    "less than it said": (saying(OK + b"Content-Length: 100\r\n\r\n{}"), UNAVAILABLE),
    "broken chunks": (saying(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}"), UNAVAILABLE),
    "two lengths": (saying(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), UNAVAILABLE),
    "headers without end": (between.endless_head, UNAVAILABLE),
    "a byte now and then": (between.drip_by_drip(), TIMEOUT),
    "a header now and then": (between.drip_by_drip(OK + b"X: "), TIMEOUT),
    "nothing": (saying(OK + b"Content-Length: 0\r\n\r\n"), MALFORMED),
    "204": (saying(b"HTTP/1.1 204 No Content\r\n\r\n"), MALFORMED),
    "null": (saying(OK + b"Content-Length: 4\r\n\r\nnull"), MALFORMED),
    "no list": (saying(OK + b'Content-Length: 14\r\n\r\n{"results":{}}'), MALFORMED),
    "nested without end": (saying(OK + b"Connection: close\r\n\r\n" + b"[" * 1_000_000), MALFORMED),
    "no gzip": (saying(OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"), MALFORMED),
    "another place": (between.elsewhere("http://127.0.0.1:1/"), REJECTED),
    "another protocol": (saying(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), REJECTED),
}


@contextmanager
def failing(house: House, name: str) -> Iterator[str]:
    """All three systems fail so while the block runs, which gets the error's code."""
    with ExitStack() as stack:
        if name in OF_THE_OFFICE:
            what, code = OF_THE_OFFICE[name]
            for _, path in PARTS.values():
                stack.enter_context(house.office.fault(path, **what))
        else:
            talk, code = ON_THE_WAY[name]
            for _, path in PARTS.values():
                stack.enter_context(house.systems.answering(path, talk))
        yield code


def without_parts(whole: Any) -> Any:
    """The answer that it comes to."""
    expected = copy.deepcopy(whole)
    (client,) = expected["viewer"]["clients"]["nodes"]
    client["correspondence"] = None
    for invoice in client["invoices"]["nodes"]:
        invoice |= {"allocations": None, "documents": None}
    return expected


@pytest.mark.parametrize("name", [*OF_THE_OFFICE, *ON_THE_WAY])
def test_each_fails_in_its_own_fields_and_comes_back(name: str, house: House, person: Person) -> None:
    whole = person.data_again(QUERY)
    for _ in range(4):  # calls that succeed, so that no circuit opens for those that are to fail
        assert person.data_again(QUERY) == whole
    with failing(house, name) as code:
        began = time.monotonic()
        answer = person.ask(QUERY)
        assert time.monotonic() - began < NOT_FOR_EVER
    assert answer["data"] == without_parts(whole)
    told = {tuple(each["path"]): each["extensions"] for each in answer["errors"]}
    client = ("viewer", "clients", "nodes", 0)
    invoices = [(*client, "invoices", "nodes", place) for place in range(3)]
    parts = [(*invoice, part) for invoice in invoices for part in ("allocations", "documents")]
    assert set(told) == {(*client, "correspondence"), *parts}
    for path, extensions in told.items():
        assert (extensions["code"], extensions["upstream"]) == (code, PARTS[str(path[-1])][0])
        assert extensions["requestId"]
    assert person.data_again(QUERY) == whole


def test_records_of_wrong_types_are_each_its_own_error(house: House, person: Person) -> None:
    whole = person.data_again(QUERY)
    with ExitStack() as stack:
        for _, path in PARTS.values():
            stack.enter_context(house.office.fault(path, mode="wrong-types"))
        answer = person.ask(QUERY)
    expected = without_parts(whole)
    (before,) = whole["viewer"]["clients"]["nodes"]
    (client,) = expected["viewer"]["clients"]["nodes"]
    for invoice, earlier in zip(client["invoices"]["nodes"], before["invoices"]["nodes"], strict=True):
        invoice["documents"] = [None for _ in earlier["documents"]]
    assert answer["data"] == expected
    told = {(each["path"][-1], each["extensions"]["code"]) for each in answer["errors"]}
    assert told == {
        ("allocations", MALFORMED),  # one of its places is no list's end
        ("correspondence", MALFORMED),
        *((place, "RECORD_MALFORMED") for place in range(3)),
    }
    assert person.data_again(QUERY) == whole
