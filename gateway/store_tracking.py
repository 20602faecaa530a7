"""Which keys of the store the server watches for one connection, and who relies on them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from weakref import WeakValueDictionary

TRACK: Final = ("CLIENT", "TRACKING", "ON", "OPTIN")
"""The server tells of changes to what is read after `TRACK_NEXT`, and of nothing else."""
TRACK_NEXT: Final = b"*3\r\n$6\r\nCLIENT\r\n$7\r\nCACHING\r\n$3\r\nYES\r\n"


class _Key:
    __slots__ = ("__weakref__", "changed")

    def __init__(self) -> None:
        self.changed = False


class Lease:
    """Holds until one of its keys has changed, or nobody would tell."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[_Key]) -> None:
        self._keys = keys

    def holds(self) -> bool:
        for key in self._keys:  # noqa: SIM110 - in the way of every request
            if key.changed:
                return False
        return True


class TrackedKeys:
    """Of one connection. A key is kept as long as somebody holds a lease on it."""

    def __init__(self) -> None:
        self._keys: WeakValueDictionary[bytes, _Key] = WeakValueDictionary()

    def lease(self, keys: Sequence[str]) -> Lease:
        """To be taken before the keys are read: they may change before the answer is here."""
        found = []
        for name in keys:
            encoded = name.encode()
            key = self._keys.get(encoded)
            if key is None:
                key = self._keys[encoded] = _Key()
            found.append(key)
        return Lease(found)

    def told(self, message: list[Any]) -> None:
        """A message that the server pushed (RESP3); of all kinds only invalidations are meant for us."""
        if message[0] != b"invalidate":
            return
        if message[1] is None:  # the server was emptied
            self.end()
            return
        self.changed(message[1])

    def changed(self, names: Iterable[bytes]) -> None:
        """No lease on these holds any more."""
        for name in names:
            key = self._keys.pop(name, None)
            if key is not None:
                key.changed = True

    def end(self) -> None:
        """No lease holds any more."""
        for key in list(self._keys.values()):
            key.changed = True
        self._keys.clear()
