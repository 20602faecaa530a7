"""The example of docs/connectors.md is run as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.harness.examples import blocks

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/connectors.md").read_text()
# The example's modules belong into our packages; here they lie beside them.
LAID_BESIDE = """
from pathlib import Path

import connectors.erp
import gateway.systems

for package in (connectors.erp, gateway.systems):
    package.__path__.append(str(Path(__file__).parent / package.__name__.replace(".", "/")))
"""


def run(folder: Path, *changes: tuple[str, str]) -> "subprocess.CompletedProcess[str]":
    """Writes the example's files, changed, and runs its tests."""
    (folder / "conftest.py").parent.mkdir(parents=True, exist_ok=True)
    (folder / "conftest.py").write_text(LAID_BESIDE)
    files = {
        info.removeprefix("python "): text for _, _, info, text in blocks(GUIDE) if info.startswith("python ")
    }
    for name, text in files.items():
        for old, new in changes:
            text = text.replace(old, new)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    test = next(name for name in files if name.startswith("tests/"))
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}",
            "-p", "no:cacheprovider", str(folder / test),
        ],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def test_the_example_keeps_the_contract(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed, (\d+) skipped", done.stdout)
    assert passed
    assert int(passed[1]) >= 8
    assert int(passed[2]) == 4
    assert "TestFile lacks test_a_wrong_key_is_refused: a file has no key" in done.stdout


def test_the_suite_finds_what_a_connector_does_wrong(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        ("*sorted(valid, key=lambda each: each.priority)", "*valid"),
        ("        if not numbers:\n            return []\n", ""),
        ("found.get(number, [])", "found[number]"),
    )
    failed = set(re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {
        "test_the_most_important_first_each_once", "test_nothing_asked_nothing_sent",
        "test_results_are_aligned_to_keys", "test_long_batches",
    }, done.stdout  # fmt: skip
