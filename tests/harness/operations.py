"""Operations of one's own making, for what is tested without the public door."""

from dataclasses import fields
from typing import Any, cast

from resolvers.backoffice import BackOffice
from resolvers.operation import Operation
from resolvers.viewer import Asker


def office(**parts: Any) -> BackOffice:
    """A back office of nothing but the parts that are named."""
    names = [each.name for each in fields(BackOffice)]
    return BackOffice(**{**dict.fromkeys(names), "ksef_qr_url": "https://qr.example.com", **parts})


def operation(asker: Asker | None, backoffice: BackOffice | None = None, **parts: Any) -> Operation:
    """An operation with nothing in it but what is named."""
    given: dict[str, Any] = dict.fromkeys(("user_state", "links", "portal", "credentials"))
    return Operation(asker, cast("BackOffice", backoffice), "test", **given | parts)
