"""Uploads that a request takes along."""

import asyncio
from collections.abc import Sequence

from connectors.documents.port import DocumentRecord
from connectors.errors import MalformedRecord
from resolvers import nodes
from resolvers.documents import documents_by_id
from resolvers.service_requests.case import Case

MOST_ATTACHMENTS = 10
FIELD = "attachmentIds"


async def attachments(case: Case) -> tuple[str, ...]:
    """The store's ids of what the input names; what the viewer didn't upload for this client is missing."""
    ids = list(dict.fromkeys(case.given.attachment_ids or ()))
    if len(ids) > MOST_ATTACHMENTS:
        case.require(False, f"must hold at most {MOST_ATTACHMENTS} uploads", FIELD)
        return ()
    found: list[DocumentRecord | None] = await asyncio.gather(
        *(nodes.of_type(case.op, "Document", value) for value in ids)
    )
    taken = []
    for index, document in enumerate(found):
        if document is None or not _is_own(case, document):
            case.missing(FIELD, str(index))
        else:
            taken.append(document.id)
    return tuple(taken)


async def keep(case: Case, ids: Sequence[str]) -> None:
    """Makes the store keep them, before the ERP hears of the request; notes those that are gone by now."""
    if not ids:
        return
    kept = await case.op.backoffice.documents.keep(case.client_number, ids)
    for index, document in enumerate(kept):
        if isinstance(document, MalformedRecord):
            raise document
        if document is None or document.expires_at is not None:
            case.missing(FIELD, str(index))
    for key in ids:
        documents_by_id.forget(case.op, key)


def _is_own(case: Case, document: DocumentRecord) -> bool:
    viewer = case.op.viewer
    return (
        viewer is not None
        and document.uploaded_by == viewer.login
        and document.client_number == case.client_number
    )
