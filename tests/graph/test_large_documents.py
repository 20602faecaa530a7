"""Sizes beyond what GraphQL's Int holds."""

import base64

import pytest

from connectors.documents.port import DocumentKind, DocumentRecord
from resolvers.viewer import Role, Viewer
from schema.build import build
from tests.harness.operations import office, operation
from tests.resolvers.invoices import NOON


class Documents:
    """Holds one document of a size."""

    system = "documents"

    def __init__(self, size: int) -> None:
        self._size = size

    async def documents_by_id(self, _ids: list[str]) -> list[DocumentRecord]:
        return [
            DocumentRecord(
                as_of=NOON, id="1", owner="client:0010001", client_number="0010001", kind=DocumentKind.OTHER,
                title="Archiwum", file_name="archiwum.zip", mime_type="application/zip", size=self._size,
                sha256="0" * 64, issued_on=None,
            )
        ]  # fmt: skip


@pytest.mark.parametrize("size", [0, 2**31 - 1, 2**31, 3 * 2**30, 2**53 - 1])
async def test_the_size_of_a_document(size: int) -> None:
    backoffice = office(documents=Documents(size))
    viewer = Viewer("0010001", "Anna", Role.OWNER, frozenset({"0010001"}))
    answer = await build().execute(
        "query ($id: ID!) { node(id: $id) { ... on Document { fileName size } } }",
        {"id": base64.urlsafe_b64encode(b"Document:1").decode().rstrip("=")},
        operation(viewer, backoffice),
    )
    assert answer.errors is None
    assert answer.data == {"node": {"fileName": "archiwum.zip", "size": size}}
