"""What the C library's allocator (glibc's) does with memory that is free."""

import contextlib
import ctypes


def give_back() -> None:
    """Memory that starting took and left free, to the system: some 3 MB, more where modules were compiled.

    Does nothing with other C libraries, which have no such function.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
