"""The layout of a bucket of documents: whatever a list has to say of a document stands in its key.

`documents/<client number>/<owner kind>-<owner id>/<day of issue>.<SHA-256>.<KIND>--<file name>`, and without
`documents/` that is the document's id. Number, kind and owner's id are percent-encoded (RFC 3986), so that
they hold no slash. An upload waits as `uploads/<client number>/upload-<login>.<key>`.
"""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import quote, unquote

from connectors.documents.naming import (
    is_upload_owner,
    kind_and_file_name,
    kind_of,
    title_of,
    upload_name,
    upload_owner,
    uploader,
)
from connectors.documents.port import DocumentKind, DocumentOwner, NewUpload

LASTING, WAITING = "documents/", "uploads/"
MOST_ID_BYTES = 900
"""Of the 1024 that S3 takes for a key; the rest is for the prefixes."""
_MOST_NAME_BYTES = 160  # with all that stands before it below the 255 that some stores take between slashes

_ID = re.compile(r"([^/]+)/([^/]+)/(\d{4}-\d{2}-\d{2})\.([0-9a-f]{64})\.([^/]+)", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Place(NamedTuple):
    """The parts of an id."""

    id: str
    client: str
    owner: str
    issued_on: date
    sha256: str
    name: str

    @property
    def client_number(self) -> str:
        """Whose it is."""
        return unquote(self.client)

    @property
    def owner_name(self) -> str:
        """As in a document's record."""
        return unquote(self.owner.replace("-", ":", 1))

    @property
    def kind(self) -> DocumentKind:
        """What it is."""
        return kind_of(self.name)

    @property
    def file_name(self) -> str:
        """What it is called."""
        return kind_and_file_name(self.name)[1]

    @property
    def title(self) -> str:
        """The name without its extension."""
        return title_of(self.file_name)

    @property
    def uploaded_by(self) -> str | None:
        """The login of the user who uploaded it, if one did."""
        return uploader(self.owner)

    @property
    def waiting(self) -> str | None:
        """The key under which it waits, or waited; None for what is no upload."""
        return f"{WAITING}{self.client}/{self.owner}" if is_upload_owner(self.owner) else None

    @property
    def told(self) -> str:
        """What a waiting upload says of itself beside its key, in ASCII."""
        return quote(self.id.split("/", 2)[2], safe="")


def place_of(key: str) -> Place | None:
    """The parts of an id; None for what can't be one."""
    found = _ID.fullmatch(key) if _is_plain(key) else None
    if found is None:
        return None
    client, owner, day, sha256, name = found.groups()
    if any(quote(unquote(part), safe="") != part for part in (client, owner)):
        return None  # there is one way to write each
    try:
        return Place(key, client, owner, date.fromisoformat(day), sha256, name)
    except ValueError:
        return None


def place_for(upload: NewUpload, today: date) -> Place:
    """Where an upload will stay."""
    owner, name = upload_owner(upload), upload_name(upload, _MOST_NAME_BYTES)
    client = quote(upload.client_number, safe="")
    file = f"{today.isoformat()}.{upload.sha256}.{name}"
    return Place(f"{client}/{owner}/{file}", client, owner, today, upload.sha256, name)


def client_folder(number: str) -> str | None:
    """What all ids of a client begin with; None for a number that can be no client's."""
    return _folder(number)


def owner_folder(owner: DocumentOwner) -> str | None:
    """What all ids of an owner's documents begin with; None for an owner who can have none."""
    client, below = _folder(owner.client_number), _folder(f"{owner.kind}-{owner.id}")
    return client + below if client and below else None


def _folder(name: str) -> str | None:
    folder = f"{quote(name, safe='', errors='replace')}/"
    return folder if name and _is_plain(name) and _is_plain(folder) else None


def _is_plain(key: str) -> bool:
    """Whether a key leads nowhere else, whatever a caller put into it."""
    return (
        not _CONTROL.search(key)
        and len(key.encode()) <= MOST_ID_BYTES
        and not any(part in (".", "..") for part in key.split("/"))
    )
