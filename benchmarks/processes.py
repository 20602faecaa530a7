"""What the kernel says of processes, and on which core they run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Cores(NamedTuple):
    """The server under test has one for itself; load, back office and stub have the others."""

    server: set[int]
    others: set[int]


def cores() -> Cores:
    """How this machine's cores are shared out. Raises RuntimeError if it has only one."""
    free = sorted(os.sched_getaffinity(0))
    if len(free) < 2:
        raise RuntimeError("the benchmark needs two cores: one for the server, one for the load")
    return Cores({free[0]}, set(free[1:]))


@contextmanager
def pinned(where: set[int]) -> Iterator[None]:
    """What is started within the block runs on these cores only, and so do its children."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, where)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that processes have used, all their threads."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def waited_seconds(pid: int) -> float:
    """How long a process's main thread was ready to run while others had the core."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def megabytes(pids: list[int]) -> int:
    """Memory that processes hold."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * PAGE >> 20
