"""Every field of the graph answers, with a healthy back office, without an error."""

from collections.abc import Callable

import pytest
from graphql import get_named_type

from tests.harness.crawl import root_fields, selection
from tests.harness.person import Person


@pytest.mark.parametrize("login", ["0010001", "0010003", "0010006", "0010013"])
def test_no_field_fails(login: str, logged_in: Callable[[str], Person]) -> None:
    """Some relations are seldom asked for, such as the corrections of an invoice."""
    query = "{ viewer " + selection(get_named_type(root_fields()["viewer"].type), 3) + " }"
    answer = logged_in(login).ask(query)
    assert answer.get("errors") is None, answer["errors"][:3]
