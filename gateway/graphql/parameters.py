"""The parameters of a GraphQL request, from a POST body or a GET query string."""

from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from gateway.graphql.media import JSON
from gateway.headers import header

_PLAIN = JSON.encode()


class RequestError(Exception):
    """The request isn't one: `status` and what to mend. `extensions` say more than the code does."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str = "BAD_REQUEST",
        headers: dict[str, str] | None = None,
        extensions: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}
        self.extensions = extensions or {}

    def told(self, request_id: str) -> dict[str, Any]:
        """The error in GraphQL's form."""
        extensions = {"code": self.code, **self.extensions, "requestId": request_id}
        return {"message": str(self), "extensions": extensions}


class DocumentRefused(RequestError):
    """The request is one, but its document is not run. `argument` names the parameter at fault."""

    def __init__(self, message: str, code: str, argument: str = "query") -> None:
        super().__init__(400, message, code, extensions={"argument": argument})


class Parameters(msgspec.Struct, frozen=True, rename="camel"):
    """What is to be run: `query`, or the trusted document that `document_id` or an extension names."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


async def read(request: Request, receive: Receive, most_bytes: int) -> Parameters:
    """The request's parameters. Raises RequestError."""
    if request.scope["method"] == "POST":
        content_type = header(request.scope, b"content-type")
        if content_type != _PLAIN:
            _check(content_type.decode("latin-1"))
        body = await _body(receive, most_bytes)
        try:
            posted = _json(body, "The body")
        except RequestError:
            _check_packing(header(request.scope, b"content-encoding").decode("latin-1"))
            raise
        return _convert(posted)
    given: dict[str, Any] = dict(request.query_params)
    if len(str(request.url.query)) > most_bytes:
        raise RequestError(414, f"The query string is longer than {most_bytes} bytes.")
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _json(given[name].encode(), f"The parameter '{name}'")
        else:
            given.pop(name, None)
    return _convert({name: given[name] for name in given if name in Parameters.__struct_encode_fields__})


def _check(content_type: str) -> None:
    """Raises RequestError for another media type than JSON's, or another charset than UTF-8."""
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != JSON:
        raise RequestError(415, f"The body must be {JSON}.", headers={"Accept": JSON})
    charset = parameters.lower().replace(" ", "").partition("charset=")[2].strip('"')
    if charset not in ("", "utf-8", "utf8"):
        raise RequestError(415, "The body must be in UTF-8.")


def _check_packing(packing: str) -> None:
    """Raises RequestError for a body that says that it is packed: nothing here unpacks any."""
    if packing.strip().lower() not in ("", "identity"):
        message = f"The body must be sent as it is, without 'Content-Encoding: {packing}'."
        raise RequestError(415, message, headers={"Accept-Encoding": "identity"})


async def _body(receive: Receive, most_bytes: int) -> bytearray:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most_bytes:
            raise RequestError(
                413, f"The body is larger than {most_bytes} bytes.", headers={"Connection": "close"}
            )
    return body


def _json(raw: bytes | bytearray, name: str) -> Any:
    try:
        return msgspec.json.decode(raw)
    except UnicodeDecodeError as error:
        raise RequestError(400, f"{name} is not JSON, which is in UTF-8: {error}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise RequestError(400, f"{name} is not JSON: {error}.") from error


def _convert(given: Any) -> Parameters:
    if isinstance(given, list):
        raise RequestError(400, "Batches of operations are not supported; send one operation a request.")
    try:
        return msgspec.convert(given, Parameters)
    except msgspec.ValidationError as error:
        raise RequestError(400, f"The request's parameters can't be read: {error}.") from error
