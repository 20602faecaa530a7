"""What internal tools read is written to auth's audit before it leaves: no record, no data.

A client's number is a login, so it stands there as the account's tag: `accounts` of one entry are the first
hundred of `account_count`.
"""

from auth.errors import StoreUnavailable
from auth.service import Auth
from gateway.graphql.parameters import RequestError
from resolvers.operation import Operation
from resolvers.viewer import Tool

EVENT = "tool.read"
MOST = 100


class ReadingAudit:
    """Writes one event for each operation in which a tool read something."""

    def __init__(self, auth: Auth) -> None:
        self._log = auth.audit
        self._keys = auth.keys

    async def record(self, op: Operation) -> None:
        """Raises RequestError where it can't be written now. People read their own data unrecorded."""
        readings = op.readings
        if readings is None or not readings.records or not isinstance(op.asker, Tool):
            return
        numbers = sorted(readings.client_numbers)
        try:
            await self._log.record(
                EVENT,
                client_id=op.asker.client_id,
                request_id=op.request_id,
                operation=readings.operation[:MOST],
                asked=" ".join(readings.asked[:MOST]),
                accounts=" ".join(self._keys.of_login(number).tag for number in numbers[:MOST]),
                account_count=str(len(numbers)),
                records=" ".join(f"{name}:{count}" for name, count in sorted(readings.records.items())),
            )
        except StoreUnavailable as error:
            message = "What you read can't be recorded now; try again soon."
            raise RequestError(503, message, "STORE_UNAVAILABLE") from error
