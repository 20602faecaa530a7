"""Logs: one JSON object a line on standard error, with the id of the request that it belongs to."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from connectors.http import request_id

_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",
    "taskName",
}


class JsonFormatter(logging.Formatter):
    """Time (UTC), level, logger, message, number of the worker where there are several, request id, then what
    the call gave as `extra`."""

    def __init__(self, worker: int | None = None) -> None:
        super().__init__()
        self._worker = {} if worker is None else {"worker": worker}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **self._worker,
        }
        if (current := request_id.get()) != "-":
            line["requestId"] = current
        line |= {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


# Who logged a line from where is found by walking the stack, and nobody reads it; nor threads and processes.
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def configure(level: str, worker: int | None = None) -> None:
    """All logging of the process, the libraries' too, goes through one handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(worker))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # uvicorn tells query strings of WebSockets, and at DEBUG what is in their messages.
    for noisy in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
