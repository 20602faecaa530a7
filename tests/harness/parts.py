"""Six parts of the tests, for six workers: `make test` runs them at once.

Each worker has gateways and back offices of its own, and runs the same tests in the same order every
time. There are more workers than the two processors that we count on, since most tests wait now and then.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

WITH = {"oidc": "auth", "streams": "browser"}
"""Folders that run with another one's."""
ALONE = frozenset({"auth", "browser", "gateway", "graph"})
"""Folders that are a part; what is left is one part together."""
LARGEST = "gateway"


class Parts(LoadScopeScheduling):  # type: ignore[misc]
    """By folder; the largest is two, by name."""

    def _split_scope(self, nodeid: str) -> str:
        _tests, folder, *rest = nodeid.split("/")
        if folder == LARGEST and rest[0] < "test_e":
            return "gateway, first files"
        part = WITH.get(folder, folder)
        return part if part in ALONE else "rest"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Parts:
    """pytest-xdist asks for it; see its documentation."""
    return Parts(config, log)
