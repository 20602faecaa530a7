"""Who may ask for what."""

from resolvers.permissions import MAY_ASK, Subject, may_ask
from resolvers.viewer import Role, Viewer


def test_the_table_of_roles() -> None:
    assert {role: {subject.name for subject in subjects} for role, subjects in MAY_ASK.items()} == {
        Role.OWNER: {"CLIENT", "CONTRACT"}, Role.ACCOUNTANT: {"CLIENT", "CONTRACT"}, Role.FLEET: {"CONTRACT"},
        Role.READ_ONLY: set(), Role.UNKNOWN: set(),
    }  # fmt: skip
    assert set(MAY_ASK) == set(Role)


def test_nobody_may_ask_for_nothing() -> None:
    assert not any(may_ask(None, subject) for subject in Subject)
    fleet = Viewer("0010001", "Anna", Role.FLEET, frozenset({"0010001"}))
    assert [may_ask(fleet, subject) for subject in (Subject.CLIENT, Subject.CONTRACT)] == [False, True]
