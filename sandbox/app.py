"""The ASGI application: who may ask, what goes wrong, who answers, what is logged.

Plain ASGI rather than a router: the sandbox stands behind benchmarks and must not be what they measure.
"""

import asyncio
import hmac
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from sandbox.calls import CallLog
from sandbox.exchange import Answer, Handler, Refusal, Request
from sandbox.faults import Fault, Faults, spoiled

Liar = Callable[[str, list[Any]], list[Any]]
Abort = Callable[[Scope], Awaitable[None]]

logger = logging.getLogger(__name__)
MOST_BODY = 4 * 1024 * 1024
MOST_REMEMBERED = 32 * 1024 * 1024


class Answers:
    """Answers to reads, remembered while nothing has been written; bounded by the bytes they hold."""

    def __init__(self) -> None:
        """Starts empty."""
        self._answers: OrderedDict[tuple[str, bytes], Answer] = OrderedDict()
        self._size = 0

    def get(self, path: str, body: bytes) -> Answer | None:
        """The answer to the same question."""
        answer = self._answers.get((path, body))
        if answer is not None:
            self._answers.move_to_end((path, body))
        return answer

    def put(self, path: str, body: bytes, answer: Answer) -> None:
        """Remember an answer, and forget the oldest where there are too many."""
        size = len(body) + len(answer.body)
        if size > MOST_REMEMBERED // 8 or (path, body) in self._answers:
            return
        self._answers[path, body] = answer
        self._size += size
        while self._size > MOST_REMEMBERED:
            (_, old_body), old = self._answers.popitem(last=False)
            self._size -= len(old_body) + len(old.body)

    def clear(self) -> None:
        """Something was written."""
        self._answers.clear()
        self._size = 0


class App:
    """Routes are exact (`method`, `path`) or a method and a path prefix ending in `/`."""

    def __init__(self, api_key: str, faults: Faults, calls: CallLog, abort: Abort, liar: Liar) -> None:
        """`abort` closes the connection of a scope without ceremony; `liar` gives other clients' results."""
        self._authorization = f"Bearer {api_key}".encode()
        self._faults, self._calls, self._abort, self._liar = faults, calls, abort, liar
        self._reads: dict[str, Handler] = {}
        self._routes: dict[tuple[str, str], Handler] = {}
        self._prefixes: list[tuple[str, str, Handler]] = []
        self._open: set[str] = set()
        self._generous: dict[tuple[str, str], int] = {}
        self.answers = Answers()

    def read(self, path: str, handler: Handler) -> None:
        """A POST that reads: its answers are remembered until something is written."""
        self._reads[path] = handler

    def route(
        self, method: str, path: str, handler: Handler, *, public: bool = False, most: int = MOST_BODY
    ) -> None:
        """A path of its own, or all below it where it ends in `/`; `public` ones need no key.

        `most` is the largest body in bytes.
        """
        if path.endswith("/") and path != "/":
            self._prefixes.append((method, path, handler))
        else:
            self._routes[method, path] = handler
        if public:
            self._open.add(path)
        if most != MOST_BODY:
            self._generous[method, path] = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection; only HTTP is served."""
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        method, path = scope["method"], scope["path"]
        headers = dict(scope["headers"])
        request_id = headers.get(b"x-request-id")
        fault = None if path.startswith("/sandbox/") else self._faults.hit(path)
        answer: Answer | None = None
        try:
            if fault is None or await self._survives(fault, scope, receive):
                answer = await self._answer(scope, receive, headers, fault)
                await self._send(scope, send, answer, request_id, fault)
        finally:
            if not path.startswith("/sandbox/"):
                ms = (time.perf_counter() - started) * 1_000
                shown = None if request_id is None else request_id.decode("latin-1")
                by, keys, status = (answer.by, answer.keys, answer.status) if answer else (None, None, None)
                self._calls.add(method, path, by, keys, status, ms, shown)

    async def _answer(
        self, scope: Scope, receive: Receive, headers: dict[bytes, bytes], fault: Fault | None
    ) -> Answer:
        method, path = scope["method"], scope["path"]
        try:
            most = self._generous.get((method, f"{path.rpartition('/')[0]}/"), MOST_BODY)
            body = await _body(receive, most)
            handler, remembered = self._handler(method, path, headers)
            if fault is not None and fault.status is not None:
                retry = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
                raise Refusal(fault.status, "FAULT", "a fault was switched on for this path", retry)
            if remembered:
                answer = self.answers.get(path, body)
                if answer is None:
                    answer = handler(_request(scope, headers, body))
                    self.answers.put(path, body, answer)
            else:
                answer = handler(_request(scope, headers, body))
                if method != "GET":
                    self.answers.clear()
            if fault is not None and fault.mode in ("garbage", "half-batch", "wrong-types", "lie"):
                spoilt = spoiled(fault.mode, answer.body, lambda results: self._liar(path, results))
                answer = Answer(
                    spoilt, answer.status, answer.media_type, answer.headers, answer.by, answer.keys
                )
        except Refusal as refusal:
            answer = refusal.answer()
        except Exception:
            logger.exception("%s %s", method, path)
            answer = Refusal(500, "INTERNAL_ERROR", "the sandbox has a fault of its own").answer()
        return answer

    def _handler(self, method: str, path: str, headers: dict[bytes, bytes]) -> tuple[Handler, bool]:
        if method == "POST":
            handler = self._reads.get(path)
            if handler is not None:
                self._authorise(headers)
                return handler, True
        asked = "GET" if method == "HEAD" else method
        handler, name = self._routes.get((asked, path)), path
        if handler is None:
            for known, prefix, other in self._prefixes:
                if known == asked and path.startswith(prefix):
                    handler, name = other, prefix
                    break
        if name not in self._open:
            self._authorise(headers)
        if handler is None:
            if path in self._reads or any(path == known for _, known in self._routes):
                raise Refusal(405, "METHOD_NOT_ALLOWED", f"{method} is not for this path")
            raise Refusal(404, "NOT_FOUND", "there is no such path")
        return handler, False

    def _authorise(self, headers: dict[bytes, bytes]) -> None:
        given = headers.get(b"authorization", b"")
        if not hmac.compare_digest(given, self._authorization):
            raise Refusal(
                401,
                "UNAUTHORIZED",
                "Authorization: must be Bearer and the API key",
                {"www-authenticate": "Bearer"},
            )

    async def _survives(self, fault: Fault, scope: Scope, receive: Receive) -> bool:
        """Wait as the fault says; false where there will be no answer."""
        if fault.latency_ms:
            await self._faults.delay(fault.latency_ms)
        if fault.mode == "refuse":
            await self._abort(scope)
            return False
        if fault.mode == "hang":
            gone = asyncio.ensure_future(_disconnected(receive))
            stopping = asyncio.ensure_future(self._faults.stopping.wait())
            _, waiting = await asyncio.wait((gone, stopping), return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            await self._abort(scope)
            return False
        return True

    async def _send(
        self, scope: Scope, send: Send, answer: Answer, request_id: bytes | None, fault: Fault | None
    ) -> None:
        headers = [
            (b"content-type", answer.media_type.encode("latin-1")),
            (b"content-length", str(len(answer.body)).encode()),
        ]
        if request_id is not None:
            headers.append((b"x-request-id", request_id))
        headers += [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if fault is not None and fault.mode == "reset-mid-body":
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0.02)  # let the half leave the socket before the connection is torn down
            await self._abort(scope)
            return
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive, most: int) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "INCOMPLETE", "body: ended before its length")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise Refusal(
                413, "BODY_TOO_LARGE", f"body: must be at most {most} bytes", {"connection": "close"}
            )
    return b"".join(parts)


def _request(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Request:
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    named = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
    return Request(scope["method"], scope["path"], query, named, body)
