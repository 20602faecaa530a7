"""Who may change what, and ask for what: the table."""

import re
from pathlib import Path

from resolvers.permissions import MAY_CHANGE, Subject, may_ask
from resolvers.viewer import Role, Viewer

TABLE = """
                        OWNER  ACCOUNTANT  FLEET  READ_ONLY  UNKNOWN
notification            yes    yes         yes    yes        yes
promotion               yes    yes         yes    yes        yes
portalUser              yes    -           -      -          -
serviceRequest CLIENT   yes    yes         -      -          -
serviceRequest CONTRACT yes    yes         yes    -          -
"""
DOCS = Path(__file__).parents[2] / "docs" / "graphql.md"


def rows() -> dict[str, str]:
    """The table as the code has it, a line of words for each row."""
    told = {}
    for (thing, subject), roles in MAY_CHANGE.items():
        name = f"{thing} {subject.value}" if subject else thing
        told[name] = " ".join("yes" if role in roles else "-" for role in Role)
    return told


def test_the_table_of_roles() -> None:
    heading, *lines = TABLE.strip().splitlines()
    assert heading.split() == [role.value for role in Role]
    named = [re.fullmatch(r"(\w+(?: [A-Z]+)?) +(.*)", line) for line in lines]
    assert rows() == {each[1]: " ".join(each[2].split()) for each in named if each}


def test_the_documentation_has_the_same_table() -> None:
    """One row for each; a role that we don't know is nobody's choice, and is left out."""
    found = re.findall(r"^\| `(\w+)…`(?: about (?:a|the) (\w+))? +\|(.*)\|$", DOCS.read_text(), re.MULTILINE)
    told = {
        f"{thing} {subject.upper()}".strip(): [cell.strip() or "-" for cell in cells.split("|")]
        for thing, subject, cells in found
    }
    assert told == {name: line.split()[:-1] for name, line in rows().items()}


def test_nobody_may_ask_for_nothing() -> None:
    assert not any(may_ask(None, subject) for subject in Subject)
    fleet = Viewer("0010001", "Anna", Role.FLEET, frozenset({"0010001"}))
    assert [may_ask(fleet, subject) for subject in (Subject.CLIENT, Subject.CONTRACT)] == [False, True]
