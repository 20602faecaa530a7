"""The FAQ's rules for passwords, and what counts as containing a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.folding import fold
from auth.names import company_name_parts, personal_name_parts
from auth.password_rules import Rule, broken_personal_rules, broken_public_rules
from auth.refused_passwords import is_refused
from tests.auth.house import Person


def public(password: str, login: str = "100200") -> set[Rule]:
    return set(broken_public_rules(password, login=login, leasing_company="Przykład Leasing S.A."))


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Zielony;Most7", set()),
        ("Ab1!xyz", {Rule.TOO_SHORT}),
        ("Ab1!xyzq", set()),
        ("Ab1!" + "xyzq" * 5, set()),
        ("Ab1!" + "xyzq" * 5 + "x", {Rule.TOO_LONG}),
        ("zielony;most7", {Rule.NO_CAPITAL}),
        ("Łagodny;wiatr7", set()),
        ("ładny;Wiatr", {Rule.NO_DIGIT}),
        ("Zielony;Most٣", {Rule.NO_DIGIT}),  # an Arabic digit is none of ASCII
        ("ZielonyMost7", {Rule.NO_SPECIAL}),
        ("Zielony Most7", set()),  # a space is printable and special
        ("Zielony\u0301Most7", {Rule.NO_SPECIAL}),  # a combining mark is not
        ("x", {Rule.TOO_SHORT, Rule.NO_CAPITAL, Rule.NO_DIGIT, Rule.NO_SPECIAL}),
        ("Most;100200", {Rule.HAS_LOGIN}),
        ("Most;100-200", {Rule.HAS_LOGIN}),
        ("Przyklad;77x", {Rule.HAS_LEASING_COMPANY}),
        ("Prz1kl@d;77x", set()),
        ("Przyk1ad;77x", {Rule.HAS_LEASING_COMPANY}),
    ],
)
def test_public_rules(password: str, broken: set[Rule]) -> None:
    assert public(password) == broken


def test_length_counts_code_points_after_nfkc() -> None:
    assert Rule.TOO_LONG not in public("Ab1!" + "e\u0301" * 20)
    assert Rule.TOO_LONG in public("Ab1!" + "e\u0301" * 21)
    assert Rule.TOO_SHORT not in public("Ab1!ﬃ" + "x")  # the ligature is three letters


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Zielony;Most7", set()),
        ("xKowalska7!", {Rule.HAS_SURNAME}),
        ("K0w4l$ka7!", {Rule.HAS_SURNAME}),
        ("kOwAlSkA#7x", {Rule.HAS_SURNAME}),
        ("Lecka!2026x", {Rule.HAS_SURNAME}),
        ("Łęcka!2026x", {Rule.HAS_SURNAME}),
        ("L-e-c-k-a!26", {Rule.HAS_SURNAME}),
        ("xx!Maria2026", {Rule.HAS_FIRST_NAME}),
        ("AnnA!2026xy", {Rule.HAS_FIRST_NAME}),
        ("@nna!2026xy", set()),  # leet is read from five letters on
        ("Translod!26", {Rule.HAS_COMPANY}),
        ("Tr4n$l0d!26", {Rule.HAS_COMPANY}),
        ("KowalskaTransłód1!", {Rule.HAS_COMPANY, Rule.HAS_SURNAME}),
    ],
)
def test_personal_rules(password: str, broken: set[Rule]) -> None:
    assert set(broken_personal_rules(password, Person())) == broken


@pytest.mark.parametrize(
    ("company", "parts"),
    [
        ("Transłód Sp. z o.o.", {"translod"}),
        ("TRANSŁÓD SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ SP. K.", {"translod"}),
        ("PKO Leasing S.A.", {"pko"}),
        ("AB Trans s.c.", {"trans", "abtrans"}),
        ("P.H.U. Nowak i Syn", {"nowak", "nowakisyn"}),
        ("Grupa Polska sp. z o.o.", {"grupapolskaspzoo"}),
        ("3M Poland Sp. z o.o.", {"3mpolandspzoo"}),
        ("Groß & Söhne GmbH", {"gross", "sohne", "grosssohne"}),
        ("", set()),
    ],
)
def test_company_name_parts(company: str, parts: set[str]) -> None:
    assert company_name_parts(company) == parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Kowalska-Łęcka", {"kowalska", "lecka", "kowalskalecka"}),
        ("Wu", set()),
        ("O'Hara", {"hara", "ohara"}),
        ("Đorđe Ødegård", {"dorde", "odegard", "dordeodegard"}),
    ],
)
def test_personal_name_parts(name: str, parts: set[str]) -> None:
    assert personal_name_parts(name) == parts


@pytest.mark.parametrize(
    "password",
    [
        "Password1!", "P@ssw0rd2024!", "Haslo123!", "Hasło123!", "!!Haslo123", "Qwerty12!", "Zaq12wsx!",
        "1qaz@WSX", "Admin123!", "@Dmin123!", "Zima2026!", "Aaaaaaa1!", "A12345678!", "HasloHaslo1!",
        "Wrzesień2026!", "Asdfgh12#",
    ],
)  # fmt: skip
def test_refused(password: str) -> None:
    assert is_refused(password)


@pytest.mark.parametrize("password", ["Zielony;Most7", "Haslowiczka#41", "Kot!Zima.Lampa3", "9kW#rTz!2q"])
def test_not_refused(password: str) -> None:
    assert not is_refused(password)


@given(st.text(max_size=40))
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.text("abcdefghijklmnoprstuwyząćęłńóśźż", min_size=3, max_size=12),
    st.text("0123456789!#%", max_size=5),
    st.text("0123456789!#%", max_size=5),
    st.booleans(),
)
def test_a_surname_is_found_in_any_spelling(surname: str, before: str, after: str, upper: bool) -> None:
    written = surname.upper() if upper else fold(surname)
    person = Person(surname=surname.title(), first_name="", company_name="")
    assert Rule.HAS_SURNAME in broken_personal_rules(before + written + after, person)


@given(st.text(max_size=30), st.text(max_size=30))
def test_rules_never_fail_and_come_once(password: str, name: str) -> None:
    person = Person(surname=name, first_name=name, company_name=name)
    broken = (
        *broken_public_rules(password, login="7", leasing_company=name),
        *broken_personal_rules(password, person),
    )
    assert len(broken) == len(set(broken))
