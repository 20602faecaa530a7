"""All audits of `graphql-http` (npm), the GraphQL-over-HTTP draft's own suite, against a real gateway."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.processes import Gateway

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

AUDITS = (HERE / "audits.txt").read_text().splitlines()


def node() -> str:
    """The machine's node, or the one that the Makefile fetched; without it a test is skipped."""
    found = shutil.which("node") or shutil.which(ROOT / ".tools" / "node" / "bin" / "node")
    if found is None or not (HERE / "node_modules" / "graphql-http").is_dir():
        pytest.skip("needs Node.js and `npm ci` in tests/graphql_http; `make test` sees to both where it can")
    return found


@pytest.fixture(scope="module")
def results(small_gateway: Gateway) -> dict[str, str]:
    """What came of each audit: `ok`, or why not."""
    command = [node(), str(HERE / "audits.mjs"), f"{small_gateway.url}/graphql"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=HERE)
    return {
        f"{each['id']} {each['name']}": each["status"] + (f": {each['reason']}" if "reason" in each else "")
        for each in json.loads(run.stdout)
    }


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.replace("/", " "))
def test_audit(results: dict[str, str], audit: str) -> None:
    """MUST, SHOULD and MAY alike."""
    assert results[audit] == "ok"


def test_none_is_left_out(results: dict[str, str]) -> None:
    assert (len(results), set(results)) == (61, set(AUDITS))
