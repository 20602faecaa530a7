"""Inputs of which exactly one field counts (`@oneOf`): what is told of others, and that tools can know it."""

import json
import re
from typing import Any

import httpx2
import pytest

from tests.harness.processes import Gateway


def ask(gateway: Gateway, query: str, variables: dict[str, Any] | None = None) -> httpx2.Response:
    accept = {"Accept": "application/graphql-response+json"}
    asked = {"query": query, "variables": variables}
    return httpx2.post(f"{gateway.url}/graphql", json=asked, headers=accept, trust_env=False)


@pytest.mark.parametrize("change", [{}, {"extendByMonths": 6, "dueDay": 3}, {"extendByMonths": None}])
def test_exactly_one_of_several_fields(gateway: Gateway, change: dict[str, int | None]) -> None:
    """As a variable and in the document; whoever generates code reads it from the introspection."""
    given = {
        "idempotencyKey": "e3b0c442-98fc",
        "acceptedFee": {"amount": "369.00", "currency": "PLN"},
        "contractId": "Q29udHJhY3Q6MQ",
        "reason": "why",
        "change": change,
    }
    submit = "serviceRequestScheduleChangeOfferSubmit"
    head = "mutation ($input: ServiceRequestScheduleChangeOfferSubmitInput!)"
    query = f"{head} {{ {submit}(input: $input) {{ errors {{ code }} }} }}"
    answer = ask(gateway, query, {"input": given})
    (error,) = answer.json()["errors"]
    assert error["message"].startswith("Variable '$input' has invalid value at .change")
    assert "exactly one field" in error["message"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "BAD_USER_INPUT")

    written = re.sub(r'"(\w+)": ', r"\1: ", json.dumps(given))
    answer = ask(gateway, f"mutation {{ {submit}(input: {written}) {{ errors {{ code }} }} }}")
    (error,) = answer.json()["errors"]
    assert "exactly one" in error["message"]
    assert error["locations"]

    asked = ask(gateway, '{ __type(name: "ScheduleChangeInput") { isOneOf } }')
    assert asked.json()["data"] == {"__type": {"isOneOf": True}}
