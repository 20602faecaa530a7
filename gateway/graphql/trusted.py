"""Which document a request asks for: by its text, or by the id of a trusted document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import GraphQLError

from execution.documents import Document, Documents
from execution.engine import Engine
from gateway.graphql.cost import Costs
from gateway.graphql.manifest import SHA256, digest, read_manifest
from gateway.graphql.parameters import DocumentRefused, Parameters, RequestError
from gateway.setting import SettingsError
from gateway.settings import Settings

_MOST_TOLD = 10


def trusted_documents(path: Path, documents: Documents, costs: Costs, engine: Engine) -> dict[str, Document]:
    """The documents of a manifest by id, ready to run, and kept for good.

    Raises ValueError, which names each document that can't be run (ten at most), with the place and the rule.
    """
    found: dict[str, Document] = {}
    wrong: list[str] = []
    for key, text in read_manifest(path).items():
        document = found[key] = found[digest(text)] = documents.keep(text)
        try:
            if document.errors:
                raise document.errors[0]
            if not document.operations:
                raise GraphQLError("It holds no operation.")
            for operation in document.operations:
                if (excess := costs.of(operation, None).excess()) is not None:
                    raise excess
                engine.prepare(operation)
        except GraphQLError as error:
            names = ", ".join(each.name for each in document.operations if each.name)
            place = f", line {error.locations[0].line}" if error.locations else ""
            wrong.append(f"'{key}'{f' ({names})' if names else ''}{place}: {error.message}")
    if wrong:
        more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
        raise ValueError("; ".join(wrong[:_MOST_TOLD]) + more)
    return found


def requested_documents(
    settings: Settings, documents: Documents, costs: Costs, engine: Engine
) -> "RequestedDocuments":
    """Documents as the settings allow them. Raises SettingsError where the manifest can't be used."""
    path = settings.trusted_documents
    try:
        trusted = None if path is None else trusted_documents(path, documents, costs, engine)
    except ValueError as error:
        raise SettingsError(f"'trusted_documents', {path}: {error}") from error
    return RequestedDocuments(documents, trusted, adhoc=settings.runs_adhoc_documents)


class RequestedDocuments:
    """Documents as requests ask for them. `trusted` is None without a manifest.

    Without `adhoc` no others run.
    """

    def __init__(self, documents: Documents, trusted: Mapping[str, Document] | None, *, adhoc: bool) -> None:
        self._documents = documents
        self._trusted = trusted
        self._adhoc = adhoc

    def of(self, parameters: Parameters) -> Document:
        """The document, which may have errors. Raises RequestError."""
        text = parameters.query
        key = _sha256_of_extension(parameters.extensions) if parameters.extensions else None
        if not text or text.isspace():
            if parameters.document_id is not None:
                return self._known(parameters.document_id.removeprefix(SHA256), "documentId")
            if key is not None:
                return self._known(key, "extensions.persistedQuery.sha256Hash")
            raise RequestError(400, "The parameter 'query' is empty.")
        if parameters.document_id is not None:
            raise RequestError(400, "Send either 'query' or 'documentId', not both.")
        if key is not None and key != digest(text):
            raise RequestError(400, "'extensions.persistedQuery.sha256Hash' is not the SHA-256 of 'query'.")
        if self._adhoc:
            return self._documents.read(text)
        found = self._trusted.get(digest(text)) if self._trusted else None
        if found is None:
            raise DocumentRefused(
                "Only trusted documents are run here, and this is none. Ask by the id ('documentId') of one.",
                "DOCUMENT_NOT_TRUSTED",
            )
        return found

    def _known(self, key: str, argument: str) -> Document:
        if self._trusted is None:
            code, told = (
                "PERSISTED_QUERY_NOT_SUPPORTED",
                "No documents are known by an id here; send 'query'.",
            )
        elif (found := self._trusted.get(key)) is not None:
            return found
        else:
            code, told = "PERSISTED_QUERY_NOT_FOUND", "No document is known by this id."
        if argument != "documentId":  # Apollo's protocol: clients look for these very words
            told = "".join(word.capitalize() for word in code.split("_"))
        raise DocumentRefused(told, code, argument)


def _sha256_of_extension(extensions: Mapping[str, Any]) -> str | None:
    """What Apollo's extension asks for, if it is there. Raises RequestError."""
    match extensions.get("persistedQuery"):
        case None:
            return None
        case {"version": 1, "sha256Hash": str(key)}:
            return key
    raise RequestError(400, '\'extensions.persistedQuery\' must be {"version": 1, "sha256Hash": "…"}.')
