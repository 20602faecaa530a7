"""Faults that tests switch on: by path, for so many calls or a share of them."""

import asyncio
import contextlib
from collections.abc import Callable
from random import Random
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Mode = Literal["refuse", "reset-mid-body", "garbage", "half-batch", "wrong-types", "lie", "hang"]
GARBAGE = b"<!doctype html><title>502</title>\xff\xfe{not json"


class Fault(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What goes wrong on `path`, which is exact or a prefix ending in `*`; latency in milliseconds."""

    path: Annotated[str, Meta(min_length=1, max_length=200)]
    latency_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0
    status: Annotated[int, Meta(ge=400, le=599)] | None = None
    retry_after: Annotated[int, Meta(ge=0)] | None = None
    mode: Mode | None = None
    times: Annotated[int, Meta(ge=1)] | None = None
    rate: Annotated[float, Meta(ge=0, le=1)] = 1.0

    def covers(self, path: str) -> bool:
        """Whether it is meant for this path."""
        return path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path


class Faults:
    """The faults that are on; an exact path goes before a prefix, a long prefix before a short one."""

    def __init__(self, seed: int) -> None:
        """Nothing is wrong; `seed` decides which calls a rate hits."""
        self._faults: dict[str, Fault] = {}
        self._random = Random(seed)
        self.stopping = asyncio.Event()

    async def delay(self, milliseconds: int) -> None:
        """Wait, but not beyond the server's stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), milliseconds / 1_000)

    def put(self, fault: Fault) -> None:
        """Switch a fault on, in place of one on the same path."""
        self._faults[fault.path] = fault

    def entries(self) -> list[Fault]:
        """Those that are on."""
        return list(self._faults.values())

    def clear(self) -> None:
        """Everything works again."""
        self._faults.clear()

    def hit(self, path: str) -> Fault | None:
        """The fault that this call suffers, if any; counts it."""
        if not self._faults:
            return None
        covering = [fault for fault in self._faults.values() if fault.covers(path)]
        if not covering:
            return None
        fault = max(covering, key=lambda each: (not each.path.endswith("*"), len(each.path)))
        if fault.rate < 1 and self._random.random() >= fault.rate:
            return None
        if fault.times is not None:
            if fault.times <= 1:
                del self._faults[fault.path]
            suffered = msgspec.structs.replace(fault)
            fault.times -= 1
            return suffered
        return fault


def spoiled(mode: Mode, body: bytes, lie: Callable[[list[Any]], list[Any]]) -> bytes:
    """An answer's body after a fault that leaves the connection whole; `lie` gives other clients' results."""
    if mode == "garbage":
        return GARBAGE
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return GARBAGE
    if not isinstance(value, dict):
        return body
    if mode == "wrong-types":
        return msgspec.json.encode({name: _mistyped(part) for name, part in value.items()})
    results = value.get("results")
    if isinstance(results, list):
        value["results"] = results[: len(results) // 2] if mode == "half-batch" else lie(results)
    return msgspec.json.encode(value)


def _mistyped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _mistyped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_mistyped(part) for part in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return len(value)
    return str(value) if isinstance(value, int | float) else value
