"""Two halves of the tests, for two workers: `make test` runs them at once.

Each worker has gateways and back offices of its own, and runs the same tests in the same order every time.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SECOND = frozenset({"gateway", "graph", "oidc", "streams"})


class Halves(LoadScopeScheduling):  # type: ignore[misc]
    """By folder."""

    def _split_scope(self, nodeid: str) -> str:
        return "second" if nodeid.split("/")[1] in SECOND else "first"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Halves:
    """pytest-xdist asks for it; see its documentation."""
    return Halves(config, log)
