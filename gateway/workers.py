"""Several processes that serve on one listening socket, and the parent that starts, replaces and ends them.

It accepts the connections and gives them out in turn, so that each worker has as many (ADR 0024). It runs no
event loop and no thread, so that forking it is safe at any time; what it has imported its workers share. Each
is in a process group of its own, so that Ctrl-C in a terminal reaches the parent alone.
"""

import contextlib
import gc
import logging
import math
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

QUICK_SECONDS: Final = 10.0
"""A worker that dies sooner after it was ready died quickly."""
MOST_QUICK_DEATHS: Final = 5
"""In a row in one place; then something is wrong that a new start does not mend."""
_PAUSE = 0.1  # seconds before a worker is replaced that died quickly; doubled each time
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_HANDLED = (*_STOPS, signal.SIGCHLD)

log = logging.getLogger("leasegraph.workers")


@dataclass(frozen=True, slots=True)
class Worker:
    """What a worker knows of its place: its number from 1 on, whom it tells that it serves, and where the
    connections come from (each with a byte; the end of file says that the parent is gone)."""

    number: int
    ready: Callable[[], None]
    channel: socket.socket


@dataclass(slots=True)
class _Place:
    """Of a worker and those after it, which take over what waits in `theirs`. Moments are monotonic."""

    number: int
    ours: socket.socket
    theirs: socket.socket
    pid: int = 0
    news: int = -1
    ready_at: float | None = None
    quick_deaths: int = 0
    due: float = field(default_factory=time.monotonic)


class Workers:
    """`serve` is a worker's whole life, until SIGTERM. `ready` is called once all have begun to serve.

    Workers that are told to end and have not after `grace` seconds are killed.
    """

    def __init__(
        self,
        count: int,
        listener: socket.socket,
        serve: Callable[[Worker], None],
        *,
        ready: Callable[[], None],
        grace: float,
    ) -> None:
        self._places = [_Place(number, *socket.socketpair()) for number in range(1, count + 1)]
        for each in self._places:
            each.ours.setblocking(False)
        listener.setblocking(False)
        self._listener = listener
        self._listening = False
        self._deaf = False
        self._next = 0
        self._serve = serve
        self._ready = ready
        self._grace = grace
        self._selector = selectors.DefaultSelector()
        self._status = 0
        self._all_were_ready = False
        self._kill_at: float | None = None

    def run(self) -> int:
        """The exit status: 0 after a signal that ends it, else what the worker said that made it end."""
        gc.collect()
        gc.freeze()  # what a collection touches is shared no longer
        with self._signals() as news:
            while self._kill_at is None or any(each.pid for each in self._places):
                self._start_due()
                for key, _ in self._selector.select(self._patience()):
                    if key.fd == news:
                        self._heed(os.read(news, 64))
                    elif key.fileobj is self._listener:
                        self._hand_over()
                    else:
                        self._note_ready(key.data)
                self._bury()
                if self._kill_at is not None and time.monotonic() >= self._kill_at:
                    self._kill_at = math.inf
                    self._tell(signal.SIGKILL)
        return self._status

    @contextmanager
    def _signals(self) -> Iterator[int]:
        """Signals as bytes to read."""
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        before = {each: signal.signal(each, _nothing) for each in _HANDLED if not _under_nohup(each)}
        self._selector.register(reading, selectors.EVENT_READ)
        try:
            yield reading
        finally:
            signal.set_wakeup_fd(-1)
            for each, handler in before.items():
                signal.signal(each, handler)
            self._selector.close()

    def _start_due(self) -> None:
        """To begin with the first one alone: it tells, once, what keeps all of them from serving."""
        if self._kill_at is not None:
            return
        first, *others = self._places
        began = self._all_were_ready or first.ready_at is not None or first.quick_deaths > 0
        for each in (first, *others) if began else (first,):
            if not each.pid and each.due <= time.monotonic():
                self._start(each)

    def _start(self, place: _Place) -> None:
        place.news, ready = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)  # a signal to the child must find its own handlers
        place.pid = os.fork()
        if place.pid == 0:
            self._be_worker(place, ready)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)
        os.close(ready)
        self._selector.register(place.news, selectors.EVENT_READ, place)

    def _be_worker(self, place: _Place, ready: int) -> None:
        """Never returns, so that nothing of the parent's is undone here."""
        status = 1
        try:
            os.setpgid(0, 0)
            self._listener.close()
            for each in self._places:
                each.ours.close()
                if each is not place:
                    each.theirs.close()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for stop in _STOPS:
                if not _under_nohup(stop):
                    signal.signal(stop, lambda *_: sys.exit(143))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANDLED)
            self._serve(Worker(place.number, lambda: _say(ready), place.theirs))
            status = 0
        except SystemExit as ending:
            status = ending.code if isinstance(ending.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _patience(self) -> float | None:
        """Seconds until something is to be done by itself."""
        if self._kill_at is not None:
            moments = [] if self._kill_at == math.inf else [self._kill_at]
        else:
            moments = [each.due for each in self._places if not each.pid and each.quick_deaths]
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _listen(self, wanted: bool) -> None:
        """While nobody serves, connections wait where they came in."""
        if wanted and not self._listening:
            self._selector.register(self._listener, selectors.EVENT_READ)
        if self._listening and not wanted:
            self._selector.unregister(self._listener)
        self._listening = wanted

    def _hand_over(self) -> None:
        """The next connection to the next worker that serves."""
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if not self._deaf:  # once, until it hears again
                log.error("connections can't be accepted", extra={"why": repr(error)})
            self._deaf = True
            time.sleep(_PAUSE)  # no file descriptor is free, say
            return
        self._deaf = False
        with connection:
            for _ in self._places:
                place = self._places[self._next]
                self._next = (self._next + 1) % len(self._places)
                if place.ready_at is not None:
                    with contextlib.suppress(OSError):  # it hangs, and too many wait for it already
                        socket.send_fds(place.ours, [b"+"], [connection.fileno()])
                        return

    def _heed(self, signals: bytes) -> None:
        for each in signals:
            if each in _STOPS and self._kill_at is None:
                self._end(0)
            elif each == signal.SIGINT:  # again: somebody is impatient
                self._tell(signal.SIGINT)

    def _end(self, status: int) -> None:
        if self._kill_at is None:
            self._status = status
            self._listen(False)
            self._listener.close()
            self._kill_at = time.monotonic() + self._grace
            self._tell(signal.SIGTERM)

    def _tell(self, what: signal.Signals) -> None:
        for each in self._places:
            if each.pid:  # not yet waited for, so its id is nobody else's
                os.kill(each.pid, what)

    def _note_ready(self, place: _Place) -> None:
        if os.read(place.news, 1):
            place.ready_at = time.monotonic()
            self._listen(self._kill_at is None)
        self._forget_news(place)
        if not self._all_were_ready and all(each.ready_at is not None for each in self._places):
            self._all_were_ready = True
            self._ready()

    def _forget_news(self, place: _Place) -> None:
        if place.news >= 0:
            self._selector.unregister(place.news)
            os.close(place.news)
            place.news = -1

    def _bury(self) -> None:
        for each in self._places:
            if each.pid:
                gone, status = os.waitpid(each.pid, os.WNOHANG)
                if gone:
                    self._replace(each, os.waitstatus_to_exitcode(status))

    def _replace(self, place: _Place, code: int) -> None:
        pid, place.pid = place.pid, 0
        self._forget_news(place)
        now = time.monotonic()
        was_ready, place.ready_at = place.ready_at, None
        self._listen(self._kill_at is None and any(each.ready_at is not None for each in self._places))
        if self._kill_at is not None:
            self._status = self._status or (0 if code in (0, 143) else 1)
            return
        if place is self._places[0] and was_ready is None and not self._all_were_ready:
            self._end(code if code > 0 else 1)
            return
        quick = was_ready is None or now - was_ready < QUICK_SECONDS
        place.quick_deaths = place.quick_deaths + 1 if quick else 0
        about = {"worker": place.number, "pid": pid, "code": code}  # below 0: the signal that killed it
        if place.quick_deaths > MOST_QUICK_DEATHS:
            log.critical("a worker dies again and again: the gateway ends", extra=about)
            self._end(1)
            return
        place.due = now + (_PAUSE * 2 ** (place.quick_deaths - 1) if quick else 0)
        log.error("a worker died: another takes its place", extra=about)


def _nothing(*_: object) -> None:
    """The signal's number has been written for `run` to read."""


def _under_nohup(what: signal.Signals) -> bool:
    return what == signal.SIGHUP and signal.getsignal(what) is signal.SIG_IGN


def _say(ready: int) -> None:
    os.write(ready, b"!")
    os.close(ready)
