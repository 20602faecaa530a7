"""The OpenAPI 3.1 description, made of the table of collections and the records it declares."""

from typing import Any

import msgspec

from sandbox.documents.listing import CountQuery as DocumentCounts
from sandbox.documents.listing import DocumentFilter, OwnersQuery
from sandbox.documents.store import Document, KeepBody
from sandbox.documents.store import KeysQuery as DocumentKeys
from sandbox.erp.account_writes import NewAccount, Removal, RoleChange
from sandbox.erp.collection import Collection, FilterKind
from sandbox.erp.reads import CountQuery, GetQuery, ListQuery
from sandbox.erp.records import Change
from sandbox.erp.request_steps import StepBody
from sandbox.erp.submissions import Submission
from sandbox.erp.tables import COLLECTIONS
from sandbox.mail import archive

Schema = dict[str, Any]
FILTERS: dict[FilterKind, Schema] = {
    FilterKind.CODES: {"type": "array", "items": {"type": "string"}},
    FilterKind.DAY: {"type": "string", "format": "date"},
    FilterKind.FLAG: {"type": "boolean"},
    FilterKind.TEXT: {"type": "string", "minLength": 1, "maxLength": 100},
    FilterKind.MONEY: {"type": "string", "pattern": r"^-?\d+\.\d\d$"},
}
IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,64}$"},
}  # fmt: skip
ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}


def description() -> Schema:
    """The whole document."""
    types = [collection.record for collection in COLLECTIONS.values()]
    # Each with a name of its own: two services have a query of the same class name.
    described = [
        *types, Document, DocumentFilter, archive.Message, archive.Correspondent, Change, Submission,
        StepBody, NewAccount, RoleChange, Removal,
    ]  # fmt: skip
    schemas, components = msgspec.json.schema_components(
        described, ref_template="#/components/schemas/{name}"
    )
    components["Error"] = ERROR
    references = dict(zip(described, schemas, strict=True))
    paths: Schema = {}
    for collection in COLLECTIONS.values():
        _add_collection(paths, collection, references[collection.record])
    _add_writes(paths, references)
    _add_documents(paths, references[Document])
    _add_mail(paths, references[archive.Message])
    for service in ("", "/documents", "/mail"):
        health = _object(status={"type": "string"}, today={"type": "string", "format": "date"})
        paths[f"{service}/v1/health"] = {"get": _operation("Health", health)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Leasing back office (sandbox)", "version": "1"},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
        },
    }


def _add_collection(paths: Schema, collection: Collection, record: Schema) -> None:
    name = collection.name
    if collection.get_by:
        body = _body(GetQuery, tuple(collection.get_by))
        paths[f"/v1/{name}/get"] = {"post": _operation(f"Get {name}", _results(_nullable(record)), body)}
    if collection.list_by:
        ways = tuple(collection.list_by)
        filters = {key: FILTERS[known.kind] for key, known in collection.filters.items()}
        body, count = _body(ListQuery, ways, filters), _body(CountQuery, ways, filters)
        orders = {"type": "string", "enum": list(collection.orders)}
        body["properties"]["order"] = _object(by=orders, direction={"enum": ["ASC", "DESC"]})
        if not collection.orders:
            del body["properties"]["order"]
        paths[f"/v1/{name}/list"] = {"post": _operation(f"List {name}", _results(_page(record)), body)}
        number = {"type": "integer", "minimum": 0}
        paths[f"/v1/{name}/count"] = {"post": _operation(f"Count {name}", _results(number), count)}


def _add_writes(paths: Schema, references: dict[Any, Schema]) -> None:
    submit = _operation(
        "Submit a request", references[COLLECTIONS["requests"].record], references[Submission], "201"
    )
    submit["responses"]["200"] = submit["responses"]["201"] | {"description": "The same key and body again"}
    submit["responses"]["409"] = _error("The key was used with another body")
    submit["parameters"] = [IDEMPOTENCY_KEY]
    paths["/v1/requests"] = {"post": submit}
    for step, text in (("cancel", "Cancel a request"), ("accept", "Accept its offer")):
        done = _operation(text, references[COLLECTIONS["requests"].record], references[StepBody])
        done["responses"]["404"] = _error("The client has no such request")
        done["responses"]["409"] = _error("The request's status does not allow it")
        path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        done["parameters"] = [path]
        paths[f"/v1/requests/{{id}}/{step}"] = {"post": done}
    _add_account_writes(paths, references)
    feed = _object(items={"type": "array", "items": references[Change]}, next={"type": "integer"})
    changes = _operation("Changes", feed)
    changes["parameters"] = [
        {"name": name, "in": "query", "schema": {"type": "integer", "minimum": least, "default": default}}
        for name, least, default in (("after", 0, 0), ("limit", 1, 500))
    ]
    paths["/v1/changes"] = {"get": changes}


def _add_account_writes(paths: Schema, references: dict[Any, Schema]) -> None:
    account = references[COLLECTIONS["accounts"].record]
    add = _operation("Add a user to a client", account, references[NewAccount], "201")
    add["responses"]["200"] = add["responses"]["201"] | {"description": "The same key and body again"}
    add["responses"]["409"] = _error("Another body, an address that a user has, or not an owner")
    add["parameters"] = [IDEMPOTENCY_KEY]
    paths["/v1/accounts"] = {"post": add}
    role = _operation("Give a user another role", account, references[RoleChange])
    remove = _operation("Take a user from a client", {}, references[Removal], "204")
    for step, done in (("role", role), ("remove", remove)):
        done["responses"]["404"] = _error("There is no such user")
        done["responses"]["409"] = _error("A client would have no owner, or not an owner")
        done["parameters"] = [{"name": "login", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths[f"/v1/accounts/{{login}}/{step}"] = {"post": done}


def _add_documents(paths: Schema, record: Schema) -> None:
    page = _page(record)
    page["required"] = ["items"]  # what belongs to an invoice or a contract is listed whole
    paths["/documents/v1/list"] = {"post": _operation("List documents", _results(page), _body(OwnersQuery))}
    paths["/documents/v1/get"] = {
        "post": _operation("Get documents", _results(_nullable(record)), _body(DocumentKeys))
    }
    number = {"type": "integer", "minimum": 0}
    paths["/documents/v1/count"] = {
        "post": _operation("Count documents", _results(number), _body(DocumentCounts))
    }
    content = _operation("The bytes of a document", {})
    binary: Schema = {"application/octet-stream": {"schema": {}}}
    content["responses"]["200"]["content"] = binary
    content["responses"]["206"] = {"description": "A range of them", "content": binary}
    content["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    put = _operation("Store an upload", record, status="201")
    put["requestBody"] = {"required": True, "content": binary}
    put["parameters"] = content["parameters"] + [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("Content-Digest", "Content-Disposition", "Client-Number", "Uploaded-By", "If-None-Match")
    ]
    put["responses"]["412"] = _error("There is a document with this id")
    paths["/documents/v1/content/{id}"] = {"get": content, "put": put}
    paths["/documents/v1/keep"] = {
        "post": _operation("Keep uploads", _results(_nullable(record)), _body(KeepBody))
    }


def _add_mail(paths: Schema, record: Schema) -> None:
    paths["/mail/v1/list"] = {
        "post": _operation("List messages", _results(_page(record)), _body(archive.ListQuery))
    }
    paths["/mail/v1/get"] = {
        "post": _operation("Get messages", _results(_nullable(record)), _body(archive.KeysQuery))
    }
    number = {"type": "integer", "minimum": 0}
    paths["/mail/v1/count"] = {
        "post": _operation("Count messages", _results(number), _body(archive.CountQuery))
    }


def _body(query: type[msgspec.Struct], ways: tuple[str, ...] = (), filters: Schema | None = None) -> Schema:
    # Inlined: what `by` and `filter` may be differs from collection to collection.
    _, components = msgspec.json.schema_components([query], ref_template="#/components/schemas/{name}")
    schema: Schema = components[query.__name__]
    if ways:
        schema["properties"]["by"] = {"enum": list(ways)}
    if filters is not None:
        schema["properties"]["filter"] = {
            "type": "object",
            "properties": filters,
            "additionalProperties": False,
        }
    return schema


def _operation(summary: str, schema: Schema, body: Schema | None = None, status: str = "200") -> Schema:
    operation: Schema = {
        "summary": summary,
        "responses": {
            status: {"description": summary, "content": {"application/json": {"schema": schema}}},
            "400": _error("A field breaks a rule"),
            "401": _error("No key, or not this one"),
        },
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _error(text: str) -> Schema:
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _results(schema: Schema) -> Schema:
    return _object(results={"type": "array", "items": schema})


def _page(record: Schema) -> Schema:
    position = {"type": "array", "items": {"type": "string"}}
    return _object(
        items={"type": "array", "items": record},
        hasNext={"type": "boolean"},
        next={"anyOf": [position, {"type": "null"}]},
    )


def _nullable(record: Schema) -> Schema:
    return {"anyOf": [record, {"type": "null"}]}
