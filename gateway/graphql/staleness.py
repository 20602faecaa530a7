"""What a caller is told of answers that stood in for a system that fails."""

import logging
from collections.abc import Iterable
from typing import Any

from connectors.caching.asking import StandIn

log = logging.getLogger("leasegraph.graphql")


def told(stand_ins: Iterable[StandIn]) -> list[dict[str, Any]]:
    """As `extensions.stale` of an answer, a map for each system; logged here."""
    shown = [
        {"upstream": each.system, "code": each.code, "asOf": each.as_of.isoformat().replace("+00:00", "Z")}
        for each in stand_ins
    ]
    for each in shown:
        log.info("older data stood in for a system", extra=each)
    return shown
