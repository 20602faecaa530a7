"""Four parts of the tests, for four workers: `make test` runs them at once.

Each worker has gateways and back offices of its own, and runs the same tests in the same order every time. There
are more workers than the two processors that we count on, since most tests wait now and then.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FOLDERS = {"gateway": "gateway", "graph": "graph", "oidc": "graph", "streams": "graph"}
"""Which part a folder's tests are; the rest is one part."""
LARGEST = "gateway"


class Quarters(LoadScopeScheduling):  # type: ignore[misc]
    """By folder, and the largest by name."""

    def _split_scope(self, nodeid: str) -> str:
        _tests, folder, *rest = nodeid.split("/")
        if folder == LARGEST and rest[0] < "test_e":
            return "gateway, first files"
        return FOLDERS.get(folder, "rest")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Quarters:
    """pytest-xdist asks for it; see its documentation."""
    return Quarters(config, log)
