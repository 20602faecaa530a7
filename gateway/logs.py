"""Logs: one JSON object a line on standard error, with the id of the request that it belongs to."""

import logging
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO, Final

import msgspec

from connectors.http import request_id

_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",
    "taskName",
}
_encode = msgspec.json.Encoder(enc_hook=str).encode


@lru_cache(maxsize=1)
def _until_seconds(moment: int) -> str:
    """A moment in UTC; of most lines it is that of the line before."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class JsonLines(logging.Handler):
    """Time (UTC), level, logger, message, number of the worker where there are several, request id, then what
    the call gave as `extra`. Each line is written at once."""

    def __init__(self, stream: BinaryIO, worker: int | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._writing = threading.RLock()  # a finalizer that logs may come in between
        self._worker = {} if worker is None else {"worker": worker}

    def emit(self, record: logging.LogRecord) -> None:
        try:
            extra = {key: value for key, value in vars(record).items() if key not in _PLAIN}
            if record.exc_info:
                extra["exception"] = logging.Formatter().formatException(record.exc_info)
            self.write(record.created, record.levelname, record.name, record.getMessage(), extra)
        except Exception:
            self.handleError(record)

    def write(self, moment: float, level: str, logger: str, message: str, extra: Mapping[str, Any]) -> None:
        """Writes a line; `moment` is in seconds since 1970. Raises OSError or ValueError where it can't."""
        second = int(moment)
        line: dict[str, Any] = {
            "time": f"{_until_seconds(second)}.{int((moment - second) * 1000):03}+00:00",
            "level": level,
            "logger": logger,
            "message": message,
            **self._worker,
        }
        if (current := request_id.get()) != "-":
            line["requestId"] = current
        line |= extra
        written = _encode(line) + b"\n"
        with self._writing:  # other threads log, too, and a long line may be written in parts
            self._stream.write(written)
            self._stream.flush()


# Who logged a line from where is found by walking the stack, and nobody reads it; nor threads and processes.
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

_lines: JsonLines | None = None


def configure(level: str, worker: int | None = None) -> None:
    """All logging of the process, the libraries' too, goes through one handler."""
    global _lines
    _lines = JsonLines(sys.stderr.buffer, worker)
    logging.basicConfig(level=level, handlers=[_lines], force=True)
    # uvicorn tells query strings of WebSockets, and at DEBUG what is in their messages.
    for noisy in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def info(logger: logging.Logger, message: str, extra: Mapping[str, Any]) -> None:
    """`logger.info` for what is said of every request: a LogRecord costs more than the line itself."""
    if not logger.isEnabledFor(logging.INFO):
        return
    if _lines is None:
        logger.info(message, extra=extra)
        return
    try:
        _lines.write(time.time(), "INFO", logger.name, message, extra)
    except (OSError, ValueError):  # who reads no log is answered all the same
        return
