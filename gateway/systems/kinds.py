"""All kinds of systems. A new one is a module beside this, and its name here."""

from typing import Final

from gateway.systems.folder import FOLDER
from gateway.systems.imap import IMAP
from gateway.systems.kind import Kind
from gateway.systems.rest import REST
from gateway.systems.s3 import S3
from gateway.systems.smtp import SMTP
from gateway.systems.tryton import TRYTON

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (REST, FOLDER, S3, IMAP, SMTP, TRYTON)}
"""By the name that `kind` has in a `[systems.<name>]` table."""
