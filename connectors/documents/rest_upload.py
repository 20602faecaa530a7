"""What `PUT /documents/v1/content/{id}` of the REST contract says of an upload, in headers."""

import base64
from urllib.parse import quote

from connectors.documents.port import NewUpload
from connectors.file_names import extended


def described(upload: NewUpload) -> dict[str, str]:
    """Headers: length, digest (RFC 9530), name (RFC 8187), whose it is, and never in place of another."""
    digest = base64.b64encode(bytes.fromhex(upload.sha256)).decode()
    return {
        "Content-Type": upload.mime_type,
        "Content-Length": str(upload.size),
        "Content-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f"attachment; {extended(upload.file_name)}",
        "Client-Number": quote(upload.client_number, safe=""),
        "Uploaded-By": quote(upload.uploaded_by, safe=""),
        "If-None-Match": "*",
    }
