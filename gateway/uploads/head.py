"""What the head of an upload says: whose file, its name, type and size."""

from email.message import Message
from typing import TypedDict

from starlette.requests import Request

from gateway.graphql.parameters import RequestError


class Head(TypedDict):
    """The arguments of `Uploads.announce`."""

    client_id: str
    file_name: str | None
    media_type: str
    size: int | None


def announced_file(request: Request) -> Head:
    """From `?clientId=`, Content-Disposition (RFC 6266), Content-Type and Content-Length.

    Raises RequestError for what can't be a file as it is.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        named = {"argument": "Content-Encoding"}
        raise RequestError(
            415, "'Content-Encoding' must be left out: send the file as it is.", extensions=named
        )
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        named = {"argument": "Content-Type"}
        raise RequestError(
            415, "The body must be the file itself, not a form that holds it.", extensions=named
        )
    length = request.headers.get("content-length")
    return Head(
        client_id=request.query_params.get("clientId", ""),
        file_name=_file_name(request.headers.get("content-disposition", "")),
        media_type=media_type,
        size=None if length is None else int(length),
    )


def _file_name(disposition: str) -> str | None:
    """The parameter `filename*`, else `filename`."""
    told = Message()
    told["Content-Disposition"] = disposition
    return told.get_filename()
