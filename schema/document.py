"""Document: a file in the document store, and which ones are asked for."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import strawberry

from connectors.documents.port import DocumentKind
from connectors.documents.queries import DocumentFilter as DocumentConditions
from resolvers.documents import document_link
from schema.connection import ABSENT
from schema.download import Download
from schema.fields import Info, argument, described, enum
from schema.node import Node, Source, sourced

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
    kinds: list[DocumentKind] | None = strawberry.field(
        default=strawberry.UNSET, description="Of one of these kinds."
    )
    issued_from: date | None = strawberry.field(
        default=strawberry.UNSET, description="Issued on this day or later."
    )
    issued_to: date | None = strawberry.field(
        default=strawberry.UNSET, description="Issued on this day or earlier."
    )

    @staticmethod
    def conditions(given: Any) -> DocumentConditions:
        """What the document store is asked."""
        if not given:
            return DocumentConditions()
        return DocumentConditions(
            kinds=tuple(given.kinds or ()),
            issued_from=given.issued_from or None,
            issued_to=given.issued_to or None,
        )


def documents_of(use_case: Callable[..., Awaitable[object]], description: str) -> Any:
    """The documents of an object, as a use case finds them."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        filter: Annotated[DocumentFilter | None, argument("Which documents.")] = ABSENT,
    ) -> Any:
        return await use_case(info.context, root, DocumentFilter.conditions(filter))

    return strawberry.field(resolver=resolve, description=description)


def _download(root: strawberry.Parent[Any], info: Info) -> Any:
    return document_link(info.context, root)


@strawberry.type(description="A file in the document store.")
class Document(Node):
    kind: DocumentKind = described("What it is.")
    title: str = described("What to call it in a list.")
    file_name: str = described("Name of the file.")
    mime_type: str = described("Media type of the file.")
    size: int = described("Size in bytes.")
    sha256: str = described("SHA-256 of the content, in lower-case hexadecimal.")
    issued_on: date | None = described("The day on which it was issued.")
    download: Download = strawberry.field(
        resolver=_download, description="A short-lived link to its content, for the viewer only."
    )
    source: Source = sourced("documents")
