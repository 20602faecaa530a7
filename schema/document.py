"""Document: a file in the document store, and which ones are asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import strawberry

from connectors.documents.port import DocumentKind
from connectors.documents.queries import DocumentFilter as DocumentConditions
from execution.reading import BATCH
from resolvers.documents import DocumentsOf, document_link
from resolvers.operation import Operation
from schema.connection import ABSENT
from schema.download import Download
from schema.fields import ALWAYS, Info, argument, condition, described, enum, given, known_reads
from schema.node import Node, Source, sourced
from schema.scalars import ByteCount

enum(
    DocumentKind,
    "What a document is.",
    {
        "INVOICE_PDF": "An invoice to read and print.",
        "KSEF_XML": "An invoice as structured data, FA(3).",
        "UPO": "KSeF's official confirmation of receipt.",
        "CONTRACT_PDF": "A signed contract.",
        "SCHEDULE_PDF": "A payment schedule.",
        "POLICY_PDF": "An insurance policy.",
        "ATTACHMENT": "A file that a user uploaded for a request.",
        "OTHER": "Anything else.",
    },
)


@strawberry.input(description="Which documents; every condition given must hold.")
class DocumentFilter:
    kinds: list[DocumentKind] | None = condition("Of one of these kinds; at least one.")
    issued_from: date | None = condition("Issued on this day or later.")
    issued_to: date | None = condition("Issued on this day or earlier.")

    @staticmethod
    def conditions(where: Any) -> DocumentConditions:
        """What the document store is asked."""
        return given(where, DocumentConditions)


def documents_of(use_case: DocumentsOf[Any], description: str) -> Any:
    """The documents of an object, as a use case finds them."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        filter: Annotated[DocumentFilter | None, argument("Which documents.")] = ABSENT,
    ) -> Any:
        return await use_case(info.context, root, DocumentFilter.conditions(filter))

    async def each(op: Operation, roots: Sequence[Any], filter: Any = ABSENT) -> Any:
        return await use_case.each(op, roots, DocumentFilter.conditions(filter))

    metadata = {BATCH: each, **known_reads(use_case)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def _download(root: strawberry.Parent[Any], info: Info) -> Any:
    return document_link(info.context, root)


@strawberry.type(description="A file in the document store.")
class Document(Node):
    kind: DocumentKind = described("What it is.")
    title: str = described("What to call it in a list.")
    file_name: str = described("Name of the file.")
    mime_type: str = described("Media type of the file.")
    size: ByteCount = described("Size in bytes.")
    sha256: str = described("SHA-256 of the content, in lower-case hexadecimal.")
    issued_on: date | None = described("The day on which it was issued.")
    download: Download = strawberry.field(
        resolver=_download,
        description="A short-lived link to its content, for the viewer only.",
        metadata=ALWAYS,
    )
    source: Source = sourced("documents")
