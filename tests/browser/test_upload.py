"""Uploading from a page, as docs/graphql.md says."""

import re
from pathlib import Path
from typing import Any

from tests.browser.visitor import Visitor

NUMBER = "0010010"
DOCUMENTED = Path(__file__).parents[2] / "docs" / "graphql.md"
ASK = """async () => {
    const answer = await fetch("/graphql", { method: "POST",
        headers: { "Content-Type": "application/json", "GraphQL-Require-Preflight": "1" },
        body: JSON.stringify({ query: "{ viewer { clients { nodes { id } } } }" }) });
    return (await answer.json()).data.viewer.clients.nodes[0].id; }"""


def documented() -> str:
    """The call of `fetch` that front-end developers are told."""
    found = re.search(r"In a browser: `(fetch\(.*\))`", DOCUMENTED.read_text())
    assert found
    return found[1]


async def test_a_file_is_uploaded_by_the_documented_call(visitor: Visitor) -> None:
    await visitor.first_login(NUMBER)
    await visitor.log_in(NUMBER)
    await visitor.goto("/healthz")  # on the origin, and without the portal's own policy against scripts
    client = await visitor.page.evaluate(ASK)
    visitor.complaints.clear()  # that address has no icon
    call = f"""async ([client, name, type, text, times]) => {{
        const file = new File([text.repeat(times)], name, {{ type }});
        const url = "/uploads?clientId=" + client;
        const answer = await {documented()};
        return [answer.status, await answer.json()]; }}"""

    async def upload(name: str, kind: str, text: str, times: int = 1) -> tuple[int, Any]:
        status, told = await visitor.page.evaluate(call, [client, name, kind, text, times])
        return status, told

    name = "Zestawienie (2) – 'kopia' 100%.csv"
    status, told = await upload(name, "text/csv", "zażółć;1\r\n")
    assert (status, told["fileName"], told["size"]) == (201, name, len("zażółć;1\r\n".encode()))
    assert visitor.complaints == []
    status, told = await upload("a.pdf", "application/pdf", "MZ")
    assert (status, told["errors"][0]["extensions"]["code"]) == (422, "UPLOAD_CONTENT")
    status, told = await upload("a.txt", "", "0123456789", 3_000_000)
    assert (status, told["errors"][0]["extensions"]["code"]) == (413, "UPLOAD_TOO_LARGE")
    assert all(re.search(r"status of 4(13|22)", each) for each in visitor.complaints)
    visitor.complaints.clear()
