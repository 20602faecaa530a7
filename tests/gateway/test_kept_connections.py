"""Answers on a kept connection come at once."""

from statistics import median
from time import perf_counter

import httpx2

from tests.harness.processes import Gateway


def test_no_answer_waits_for_an_acknowledgement(gateway: Gateway) -> None:
    """With Nagle's algorithm on, each answer but the first would take the client's 40 ms of delayed ACK."""
    took = []
    with httpx2.Client(base_url=gateway.url, trust_env=False) as client:
        for _ in range(12):
            begun = perf_counter()
            assert client.get("/healthz").status_code == 200
            took.append(perf_counter() - begun)
    assert median(took) < 0.03
