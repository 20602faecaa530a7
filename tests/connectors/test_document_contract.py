"""The document stores keep the contract."""

import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from connectors.contract_tests.contract import Elsewhere
from connectors.contract_tests.data.documents import DOCUMENTS, DocumentData, StoredDocument
from connectors.contract_tests.document_uploads import DayLater
from connectors.contract_tests.documents import DocumentContract
from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentPort
from connectors.documents.rest import RestDocuments
from tests.connectors.clients import Connect, connecting
from tests.harness.processes import API_KEY, Sandbox


class TestFolder(
    DocumentContract,
    lacks={
        "test_a_wrong_key_is_refused": "a folder has no key",
        "test_nobody_waits_longer_than_the_timeout": "no port stands for a folder",
        "test_nobody_waits_beyond_the_request_s_deadline": "no port stands for a folder",
        "test_another_kind_of_server_is_an_error": "a folder is no server",
    },
):
    """A folder of files."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        for each in DOCUMENTS.documents:
            owner = f"{each.owner.kind}-{each.owner.id}"
            file = tmp_path / each.client / owner / f"{each.kind.value}--{each.file_name}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(each.content)
            assert each.issued_on is not None
            moment = datetime(each.issued_on.year, each.issued_on.month, each.issued_on.day, 12, tzinfo=UTC)
            os.utime(file, (moment.timestamp(), moment.timestamp()))
        return tmp_path

    @pytest.fixture
    def port(self, root: Path) -> DocumentPort:
        return FolderDocuments("documents", root)

    @pytest.fixture
    def unreachable(self, root: Path) -> DocumentPort:
        return FolderDocuments("documents", root / "not mounted")

    @pytest.fixture
    def malformed(self, root: Path) -> str:
        folder = root / "0010009" / "invoice-1"
        folder.mkdir(parents=True)
        (folder / "INVOICE_PDF--a.pdf").write_bytes(b"a")
        try:
            Path(os.fsdecode(os.path.join(os.fsencode(folder), b"INVOICE_PDF--\xb3.pdf"))).write_bytes(b"b")  # noqa: PTH118 - bytes
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        return "0010009"

    @pytest.fixture
    def a_day_later(self, root: Path) -> DayLater:
        async def wait(ids: Sequence[str]) -> None:
            old = time.time() - timedelta(hours=25).total_seconds()
            for folder in (root, root / ".uploads"):
                for each in ids:
                    if (folder / each).exists():
                        os.utime((folder / each).parent, (old, old))

        return wait


@pytest.fixture(scope="module")
def derived(backoffice: Sandbox) -> DocumentData:
    """The sandbox derives its documents from its books: what it holds is asked without the connector."""
    ours, others = "0010003", "0010006"
    found = tuple(each for client in (ours, others) for each in stored(backoffice, client))
    return DocumentData(found, ours, others, neighbour="0010002")


class TestRest(
    DocumentContract,
    lacks={"test_a_malformed_record_is_its_own_error": "the sandbox's documents can all be read"},
):
    """The REST contract, as the sandbox serves it."""

    @pytest.fixture
    def data(self, derived: DocumentData) -> DocumentData:
        return derived

    @pytest.fixture
    async def connect(self) -> AsyncIterator[Connect]:
        async with connecting("documents") as connect:
            yield connect

    @pytest.fixture
    def port(self, connect: Connect, backoffice: Sandbox) -> DocumentPort:
        return RestDocuments(connect(backoffice.url, API_KEY, 10))

    @pytest.fixture
    def refused(self, connect: Connect, backoffice: Sandbox) -> DocumentPort:
        return RestDocuments(connect(backoffice.url, "wrong", 10))

    @pytest.fixture
    def elsewhere(self, connect: Connect) -> Elsewhere[DocumentPort]:
        return lambda port, timeout: RestDocuments(connect(f"http://127.0.0.1:{port}", API_KEY, timeout))

    @pytest.fixture
    def a_day_later(self, backoffice: Sandbox) -> Iterator[DayLater]:
        async def wait(_: Sequence[str]) -> None:
            backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-24"})

        yield wait
        backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})


def stored(sandbox: Sandbox, client: str) -> Iterator[StoredDocument]:
    """All documents of a client of the sandbox, with their bytes."""
    question = {"owners": [f"client:{client}"], "first": 1000}
    headers = {"Authorization": f"Bearer {API_KEY}"}
    with httpx2.Client(base_url=sandbox.url, headers=headers, trust_env=False) as http:
        for each in sandbox.ask("POST", "/documents/v1/list", question)["results"][0]["items"]:
            kind, _, key = each["owner"].partition(":")
            yield StoredDocument(
                DocumentOwner(kind, key, client),
                DocumentKind(each["kind"]),
                each["fileName"],
                each["mimeType"],
                date.fromisoformat(each["issuedOn"]),
                http.get(f"/documents/v1/content/{each['id']}").raise_for_status().content,
            )
