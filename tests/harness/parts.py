"""Parts of the tests, for the workers of `make test`: the next part is for who is done first.

Each worker has gateways and back offices of its own, and runs a part's tests in the same order every
time. There are more workers than the two processors that we count on, since most tests wait now and then.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONG = ("gateway", "graph", "auth", "browser", "tryton", "streams", "faults", "caching", "mail", "connectors")
"""Folders that take long, the longest first: what begins last should not be long."""
LARGEST = "gateway"
SPLIT = ("test_c", "test_e", "test_s")
"""Where the largest is divided, by the names of its files."""


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1]


class Parts(LoadScopeScheduling):  # type: ignore[misc]
    """By folder; the largest is several, by name."""

    def _split_scope(self, nodeid: str) -> str:
        folder = _folder(nodeid)
        if folder != LARGEST:
            return folder
        return f"{folder} {sum(nodeid.split('/')[2] >= name for name in SPLIT)}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of the parts."""
    ranks = {folder: rank for rank, folder in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(_folder(item.nodeid), len(ranks)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Parts:
    """pytest-xdist asks for it; see its documentation."""
    config.option.loadscopereorder = False  # the order is ours
    return Parts(config, log)
