"""A bucket of documents keeps the contract of document stores."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from urllib.parse import quote

import pytest

from connectors.contract_tests.contract import Call, Elsewhere
from connectors.contract_tests.data.documents import DOCUMENTS, DocumentData
from connectors.contract_tests.document_uploads import DayLater
from connectors.contract_tests.documents import ALL, DocumentContract
from connectors.contract_tests.opening import content
from connectors.documents import s3_uploads
from connectors.documents.port import DocumentPort
from connectors.documents.s3 import S3Documents
from connectors.documents.s3_bucket import code_of
from connectors.erp.queries import Slice
from connectors.http import UpstreamClient
from tests.harness.s3 import S3Folder, S3Server

KEY = f"0010001/invoice-11/2026-11-01.{'0' * 64}.INVOICE_PDF--x.pdf"
"""An id as they are; to any other nobody is asked."""


@pytest.fixture(scope="module")
def filled(s3_server: S3Server) -> S3Folder:
    """A part of the bucket with all documents of the data set, and one that can't be read."""
    folder = S3Folder(s3_server)
    for each in DOCUMENTS.documents:
        owner, name = f"{each.owner.kind}-{quote(each.owner.id)}", f"{each.kind.value}--{each.file_name}"
        folder.fill(each.client, owner, str(each.issued_on), name, each.content)
    folder.fill("0010009", "invoice-1", "2026-11-01", "INVOICE_PDF--a.pdf", b"a")
    folder.put("documents/0010009/invoice-1/b.pdf", b"b")
    return folder


@pytest.fixture
async def opened() -> AsyncIterator[list[UpstreamClient]]:
    """Clients to close."""
    clients: list[UpstreamClient] = []
    yield clients
    for each in clients:
        await each.close()


class TestS3(DocumentContract):
    """Over a real S3 server."""

    @pytest.fixture
    def port(self, s3_server: S3Server, filled: S3Folder, opened: list[UpstreamClient]) -> DocumentPort:
        opened.append(s3_server.client(timeout=30))
        return S3Documents(filled.at(opened[-1]))

    @pytest.fixture
    def refused(self, s3_server: S3Server, filled: S3Folder, opened: list[UpstreamClient]) -> DocumentPort:
        opened.append(s3_server.client())
        return S3Documents(filled.at(opened[-1], secret_access_key="another"))

    @pytest.fixture
    def elsewhere(self, filled: S3Folder, opened: list[UpstreamClient]) -> Elsewhere[DocumentPort]:
        def connect(port: int, timeout: float) -> DocumentPort:
            url = f"http://127.0.0.1:{port}"
            opened.append(UpstreamClient("documents", url, timeout=timeout, reason=code_of))
            return S3Documents(filled.at(opened[-1]))

        return connect

    @pytest.fixture
    def malformed(self) -> str:
        return "0010009"

    @pytest.fixture
    def a_day_later(self, monkeypatch: pytest.MonkeyPatch) -> DayLater:
        """The server says when it stored an object, and nobody else may."""

        async def wait(_: Sequence[str]) -> None:
            monkeypatch.setattr(s3_uploads, "LIFE", timedelta(seconds=-60))

        return wait

    def reads(self, port: DocumentPort, data: DocumentData) -> Sequence[Call]:
        return (
            lambda: port.documents_by_owner(data.owners),
            lambda: port.documents_by_id([KEY]),
            lambda: port.documents_by_client([data.client], ALL, Slice(2)),
            lambda: port.document_counts_by_client([data.client], ALL),
        )

    def streams(self, port: DocumentPort, data: DocumentData) -> Sequence[Call]:
        del data
        return (lambda: content(port, KEY),)
