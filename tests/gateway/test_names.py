"""Our top-level packages have plain names; nobody else's distribution may claim them."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_installed_distribution_claims_our_names() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    ours = set(built["packages"])
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == ours, "every package is built"
    claims = {
        name: [each for each in owners if each != "leasegraph"]
        for name, owners in packages_distributions().items()
        if name in ours
    }
    assert {name: owners for name, owners in claims.items() if owners} == {}


def test_our_packages_are_these() -> None:
    for name in ("schema", "resolvers", "execution", "connectors", "auth", "gateway", "sandbox"):
        assert Path(__import__(name).__file__ or "").parent == ROOT / name
