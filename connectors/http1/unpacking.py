"""Packed bodies (RFC 9110, 8.4), unpacked part by part, so that none grows beyond what it may."""

import zlib

from connectors.http1.errors import Unreadable

PACKINGS = "gzip, deflate"
"""What can be unpacked, as Accept-Encoding asks for it."""
_GZIP, _ZLIB, _RAW = 31, 15, -15
_OF_ZLIB = 8


class Unpacking:
    """Of one body, of at most `most` bytes in all. `packing` is its Content-Encoding in lower case."""

    __slots__ = ("_gzip", "_inflate", "_left", "_most")

    def __init__(self, packing: bytes, most: int) -> None:
        """Raises Unreadable where it isn't known."""
        if packing not in (b"gzip", b"x-gzip", b"deflate"):
            raise Unreadable(f"packed as {packing.decode('latin-1')!r}")
        self._gzip = packing != b"deflate"
        self._inflate: zlib._Decompress | None = None
        self._left = self._most = most

    def unpacked(self, data: bytes) -> bytes:
        """What these bytes, the next, come to. Raises Unreadable."""
        parts = list[bytes]()
        while data:
            if self._inflate is None:
                self._inflate = zlib.decompressobj(self._window(data))
            elif self._inflate.eof:
                self._inflate = zlib.decompressobj(_GZIP)  # the next member (RFC 1952, 2.2), or an error
            try:
                part = self._inflate.decompress(data, self._left + 1)
            except zlib.error as error:
                raise Unreadable(f"packed wrongly: {error}") from error
            self._left -= len(part)
            if self._left < 0:
                raise Unreadable(f"more than {self._most} bytes")
            parts.append(part)
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        return b"".join(parts)

    def end(self) -> None:
        """The body is over. Raises Unreadable where the packing isn't."""
        if self._inflate is not None and not self._inflate.eof:
            raise Unreadable("the packed body breaks off")

    def _window(self, data: bytes) -> int:
        """Some servers send `deflate` without the zlib header that RFC 9110 wants."""
        if self._gzip:
            return _GZIP
        return _ZLIB if data[0] & 0x0F == _OF_ZLIB else _RAW
