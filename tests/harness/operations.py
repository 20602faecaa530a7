"""Operations of one's own making, for what is tested without the public door."""

from typing import Any, cast

from resolvers.backoffice import BackOffice
from resolvers.operation import Operation
from resolvers.viewer import Asker


def operation(asker: Asker | None, backoffice: BackOffice | None = None, **parts: Any) -> Operation:
    """An operation with nothing in it but what is named."""
    given: dict[str, Any] = dict.fromkeys(("user_state", "links", "portal", "credentials"))
    return Operation(asker, cast("BackOffice", backoffice), "test", **given | parts)
