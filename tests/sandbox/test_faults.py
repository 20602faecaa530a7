"""Each fault is real on the wire."""

import contextlib
import socket
import time
from typing import Any

import httpx2
import pytest

from tests.sandbox.backoffice import Sandbox

PATH = "/v1/invoices/list"
BODY = {"by": "client", "keys": ["0010001", "0010002", "0010004", "0010005"], "first": 5}


def switch_on(sandbox: Sandbox, **fault: Any) -> None:
    answer = sandbox.http.put("/sandbox/faults", json={"path": PATH} | fault)
    assert answer.status_code == 200, answer.text


def ask(sandbox: Sandbox, timeout: float = 5) -> httpx2.Response:
    """A call on a connection of its own."""
    return httpx2.post(f"{sandbox.url}{PATH}", json=BODY, headers=dict(sandbox.http.headers), timeout=timeout)


def test_status_and_retry_after_for_so_many_times(sandbox: Sandbox) -> None:
    switch_on(sandbox, status=503, retryAfter=2, times=2)
    for _ in range(2):
        answer = ask(sandbox)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["error"]["code"] == "FAULT"
    assert ask(sandbox).status_code == 200
    assert sandbox.http.get("/sandbox/faults").json() == {"faults": []}


def test_a_prefix_and_an_exact_path(sandbox: Sandbox) -> None:
    switch_on(sandbox, path="/v1/*", status=500)
    switch_on(sandbox, path="/v1/health", status=429)
    assert ask(sandbox).status_code == 500
    assert sandbox.http.get("/v1/health").status_code == 429
    assert sandbox.http.get("/documents/v1/health").status_code == 200
    assert len(sandbox.http.get("/sandbox/faults").json()["faults"]) == 2
    assert sandbox.http.delete("/sandbox/faults").json() == {"faults": []}
    assert ask(sandbox).status_code == 200


def test_latency(sandbox: Sandbox) -> None:
    switch_on(sandbox, latencyMs=150, times=1)
    started = time.perf_counter()
    assert ask(sandbox).status_code == 200
    assert time.perf_counter() - started >= 0.15


def test_refuse_closes_without_a_byte(sandbox: Sandbox) -> None:
    switch_on(sandbox, mode="refuse", times=2)
    with socket.create_connection(("127.0.0.1", sandbox.port)) as raw:
        raw.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        with contextlib.suppress(ConnectionResetError):
            assert raw.recv(1000) == b""
    with pytest.raises(httpx2.TransportError):
        ask(sandbox)
    assert ask(sandbox).status_code == 200


def test_reset_mid_body_sends_half(sandbox: Sandbox) -> None:
    whole = ask(sandbox).content
    switch_on(sandbox, mode="reset-mid-body", times=1)
    received: list[bytes] = []

    def read() -> None:
        with httpx2.stream(
            "POST", f"{sandbox.url}{PATH}", json=BODY, headers=dict(sandbox.http.headers)
        ) as answer:
            assert answer.headers["content-length"] == str(len(whole))
            for part in answer.iter_raw():
                received.append(part)  # noqa: PERF402 - extend would lose all of it with the error

    with pytest.raises(httpx2.TransportError):
        read()
    assert b"".join(received) == whole[: len(whole) // 2]


def test_hang_never_answers(sandbox: Sandbox) -> None:
    switch_on(sandbox, mode="hang", times=1)
    with pytest.raises(httpx2.ReadTimeout):
        ask(sandbox, 0.3)
    assert ask(sandbox).status_code == 200


def test_garbage_is_no_json(sandbox: Sandbox) -> None:
    switch_on(sandbox, mode="garbage", times=1)
    answer = ask(sandbox)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"invalid|decode|Expecting"):
        answer.json()


def test_half_batch(sandbox: Sandbox) -> None:
    whole = ask(sandbox).json()["results"]
    switch_on(sandbox, mode="half-batch", times=1)
    assert ask(sandbox).json()["results"] == whole[:2]


def test_wrong_types(sandbox: Sandbox) -> None:
    switch_on(sandbox, mode="wrong-types", times=1)
    invoice = ask(sandbox).json()["results"][0]["items"][0]
    assert isinstance(invoice["id"], int)
    assert invoice["corrected"] in ("yes", "no")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, BODY),
        ("/v1/invoices/get", {"by": "id", "keys": ["1", "38", "0"]}),
        ("/v1/contracts/list", BODY),
        ("/v1/payments/list", BODY),
        ("/v1/requests/list", BODY),
        ("/v1/balances/list", BODY),
        ("/v1/schedules/list", {"by": "contract", "keys": ["1", "2"]}),
        ("/v1/instalments/list", {"by": "schedule", "keys": ["101", "201"]}),
        ("/v1/allocations/list", {"by": "invoice", "keys": ["37", "38"]}),
        ("/documents/v1/list", {"owners": ["invoice:38", "contract:1"]}),
        ("/mail/v1/list", {"keys": [{"address": "efaktury+0010001@example.com", "clientNumber": "0010001"}]}),
    ],
)
def test_lie_gives_another_clients_data_under_its_own_number(sandbox: Sandbox, path: str, body: Any) -> None:
    def owners(results: list[Any]) -> list[set[str]]:
        items = [result["items"] if result and "items" in result else [result] for result in results]
        return [{one["clientNumber"] for one in page if one} for page in items]

    truth = owners(sandbox.post(path, body)["results"])
    switch_on(sandbox, path=path, mode="lie", times=1)
    lies = owners(sandbox.post(path, body)["results"])
    assert len(lies) == len(truth)
    assert all(lie and not lie & true for lie, true in zip(lies, truth, strict=True))


def test_lie_about_clients_and_accounts(sandbox: Sandbox) -> None:
    for path, by in (("/v1/clients/get", "number"), ("/v1/accounts/get", "login")):
        switch_on(sandbox, path=path, mode="lie", times=1)
        results = sandbox.post(path, {"by": by, "keys": ["0010001", "0010004"]})["results"]
        assert [one[by] for one in results] == ["0010004", "0010005"]


def test_rate_hits_a_share(sandbox: Sandbox) -> None:
    switch_on(sandbox, status=503, rate=0.5)
    failed = sum(sandbox.http.post(PATH, json=BODY).status_code == 503 for _ in range(60))
    assert 10 < failed < 50


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "explode"},
        {"status": 200},
        {"rate": 2},
        {"times": 0},
        {"latencyMs": -1},
        {"path": ""},
        {"colour": 1},
    ],
)
def test_faults_are_checked(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    assert sandbox.http.put("/sandbox/faults", json={"path": "/v1/x"} | fault).status_code == 400
