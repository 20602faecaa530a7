"""What internal tools read is written to auth's audit before it leaves: no record, no data.

A client's number is a login, so it stands there as the account's tag, in `accounts`. One entry holds at most
a hundred; who reads of more leaves several, all with the same request id.
"""

from auth.errors import StoreUnavailable
from auth.service import Auth
from gateway.graphql.parameters import RequestError
from resolvers.operation import Operation
from resolvers.viewer import Tool

EVENT = "tool.read"
MOST = 100


class ReadingAudit:
    """Writes down each operation in which a tool read something."""

    def __init__(self, auth: Auth) -> None:
        self._log = auth.audit
        self._keys = auth.keys

    async def record(self, op: Operation) -> None:
        """Raises RequestError where it can't be written now. People read their own data unrecorded."""
        readings = op.readings
        if readings is None or not readings.records or not isinstance(op.asker, Tool):
            return
        tags = [self._keys.of_login(number).tag for number in sorted(readings.client_numbers)]
        fields = {
            "client_id": op.asker.client_id,
            "request_id": op.request_id,
            "operation": readings.operation[:MOST],
            "asked": " ".join(readings.asked[:MOST]),
            "records": " ".join(f"{name}:{count}" for name, count in sorted(readings.records.items())),
            "account_count": str(len(tags)),
        }
        try:
            for start in range(0, len(tags) or 1, MOST):
                await self._log.record(EVENT, accounts=" ".join(tags[start : start + MOST]), **fields)
        except StoreUnavailable as error:
            message = "What you read can't be recorded now; try again soon."
            raise RequestError(503, message, "STORE_UNAVAILABLE") from error
