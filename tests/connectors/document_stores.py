"""A document store of each implementation, filled, for the tests that all must pass."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentOwner, DocumentPort
from connectors.documents.rest import RestDocuments
from connectors.documents.s3 import S3Documents
from connectors.documents.s3_bucket import code_of
from connectors.http import UpstreamClient
from tests.harness.processes import API_KEY, Sandbox, free_ports
from tests.harness.s3 import S3Folder, S3Server

CLIENT = "0010001"


@dataclass(frozen=True)
class Store:
    """A port, an owner with several documents, one with others, and one without any."""

    port: DocumentPort
    full: DocumentOwner
    other: DocumentOwner
    empty: DocumentOwner
    content: Callable[[str], bytes]
    down: DocumentPort


FILES = (
    ("invoice-11", "INVOICE_PDF--FV-11-2026.pdf", 1),
    ("invoice-11", "KSEF_XML--FV-11-2026.xml", 3),
    ("invoice-11", "UPO--potwierdzenie.xml", 2),
    ("contract-5", "CONTRACT_PDF--Umowa leasingu.pdf", 1),
)
"""Owner, name, and the day of November 2026 on which it was issued."""


def _data(owner: str, name: str) -> bytes:
    return f"{owner} {name} zażółć".encode()


def in_folder(root: Path) -> Store:
    for owner, name, day in FILES:
        file = root / CLIENT / owner / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_data(owner, name))
        moment = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        os.utime(file, (moment, moment))
    return Store(
        FolderDocuments("documents", root),
        DocumentOwner("invoice", "11", CLIENT),
        DocumentOwner("contract", "5", CLIENT),
        DocumentOwner("invoice", "12", CLIENT),
        lambda key: (root / key).read_bytes(),
        FolderDocuments("documents", root / "not mounted"),
    )


def at_sandbox(sandbox: Sandbox, http: UpstreamClient, down: UpstreamClient) -> Store:
    invoice = next(each for each in sandbox.page("invoices", "client", CLIENT) if each["ksef"])
    contract = sandbox.page("contracts", "client", CLIENT)[0]

    def content(key: str) -> bytes:
        url = f"{sandbox.url}/documents/v1/content/{key}"
        headers = {"Authorization": f"Bearer {API_KEY}"}
        return httpx2.get(url, headers=headers, trust_env=False).raise_for_status().content

    return Store(
        RestDocuments(http),
        DocumentOwner("invoice", invoice["id"], CLIENT),
        DocumentOwner("contract", contract["id"], CLIENT),
        DocumentOwner("invoice", "999999999", CLIENT),
        content,
        RestDocuments(down),
    )


def in_bucket(server: S3Server, http: UpstreamClient, down: UpstreamClient) -> Store:
    bucket = S3Folder(server)
    for owner, name, day in FILES:
        bucket.fill(CLIENT, owner, f"2026-11-{day:02}", name, _data(owner, name))
    return Store(
        S3Documents(bucket.at(http)),
        DocumentOwner("invoice", "11", CLIENT),
        DocumentOwner("contract", "5", CLIENT),
        DocumentOwner("invoice", "12", CLIENT),
        bucket.content,
        S3Documents(bucket.at(down)),
    )


@asynccontextmanager
async def opened_folder(folder: Path) -> AsyncIterator[Store]:
    yield in_folder(folder)


@asynccontextmanager
async def opened_sandbox(sandbox: Sandbox) -> AsyncIterator[Store]:
    (nobody,) = free_ports(1)
    http = UpstreamClient("documents", sandbox.url, api_key=API_KEY)
    down = UpstreamClient("documents", f"http://127.0.0.1:{nobody}", api_key=API_KEY)
    yield at_sandbox(sandbox, http, down)
    await http.close()
    await down.close()


@asynccontextmanager
async def opened_bucket(server: S3Server) -> AsyncIterator[Store]:
    (nobody,) = free_ports(1)
    http, down = server.client(), UpstreamClient("documents", f"http://127.0.0.1:{nobody}", reason=code_of)
    yield in_bucket(server, http, down)
    await http.close()
    await down.close()
