"""docs/faq.md: the portal FAQ's eleven questions, in its order, each with the answer that the page prints.

So does the front-end developers' page, docs/graphql.md, where it shows an answer.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.examples import Example, blocks, examples
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "faq.md").read_text()
EXAMPLES = examples(PAGE)
GUIDE = examples((Path(__file__).parents[2] / "docs" / "graphql.md").read_text())

# What the leasing companies' clients asked when the portal opened; the typing slip of no. 5 is theirs.
QUESTIONS = [
    "Jaki jest adres strony do logowania?",
    "Jaki jest mój numer login?",
    "Jak ustalić hasło?",
    "Jakie są wymagania odnośnie hasła?",
    "W jakiś sposób otrzymam kod PIN do ustalenia hasła?",
    "Czy będę informowany o wystawieniu faktury?",
    "Gdzie po zalogowaniu znaleźć faktury?",
    "Kiedy faktura zmieni status na „zapłacona”?",
    "Dlaczego kwota do zapłaty jest niższa niż kwota na fakturze?",
    "Jak pobrać harmonogram?",
    "Czy za pośrednictwem Portalu mogę składać wnioski w zakresie obsługi umowy?",
]
SIX_KINDS = {
    "COOPERATION_OPINION",
    "EARLY_TERMINATION_OFFER",
    "POLICY_DUPLICATE",
    "TRAVEL_AUTHORISATION",
    "SCHEDULE_CHANGE_OFFER",
    "REGISTERED_SEAT_CHANGE",
}
# What differs each time: its key, what it looks like, and what the page prints for it.
VOLATILE = {
    "url": (re.compile(r"/documents/[\w-]{60,}"), "/documents/…"),
    "expiresAt": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "…"),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Sandbox]]:
    """A gateway and a back office in which nobody has done anything yet."""
    sandbox = Sandbox(tmp_path_factory.mktemp("faq-sandbox"))
    gateway = Gateway(tmp_path_factory.mktemp("faq-gateway"), sandbox)
    yield gateway, sandbox
    gateway.close()
    sandbox.close()


def ask(example: Example, portal: tuple[Gateway, Sandbox]) -> tuple[Person, Any]:
    """Whoever the example says, asking it."""
    person = Person(*portal)
    if example.login:
        person.enter(example.login)
    return person, person.ask(example.query, **example.variables)


def masked(value: Any) -> Any:
    """An answer as the page prints it."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if not isinstance(value, dict):
        return value
    shown = {key: masked(each) for key, each in value.items()}
    for key in VOLATILE.keys() & shown.keys():
        pattern, printed = VOLATILE[key]
        assert pattern.fullmatch(shown[key]), (key, shown[key])
        shown[key] = printed
    return shown


def test_the_questions_are_the_faqs() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert headings == [f"{number}. {question}" for number, question in enumerate(QUESTIONS, 1)]
    assert list(dict.fromkeys(each.heading for each in EXAMPLES)) == headings, "each has an answer"


@pytest.mark.parametrize(
    "example", [*EXAMPLES, *GUIDE], ids=lambda each: f"{each.heading.partition('.')[0]}-{each.login}"
)
def test_an_answer(example: Example, portal: tuple[Gateway, Sandbox]) -> None:
    person, answer = ask(example, portal)
    person.browser.close()
    shown = json.loads(
        json.dumps(answer).replace(f"http://localhost:{portal[0].port}", "http://localhost:8000")
    )
    assert masked(shown) == example.answer, json.dumps(shown, indent=2, ensure_ascii=False)


def test_the_schedule_comes_as_the_page_says(portal: tuple[Gateway, Sandbox]) -> None:
    (printed,) = [text for _, _, info, text in blocks(PAGE) if info == "http"]
    head, _, content = printed.partition("\n\n")
    status, *headers = head.splitlines()
    (example,) = [each for each in EXAMPLES if "download(" in each.query]
    person, answer = ask(example, portal)
    url = answer["data"]["client"]["contracts"]["nodes"][0]["schedule"]["download"]["url"]
    file = person.browser.get(url)
    person.browser.close()
    assert f"HTTP/1.1 {file.status_code} OK" == status
    for name, value in (header.split(": ", 1) for header in headers):
        assert file.headers[name] == value
    assert file.content.startswith(content.strip().encode())
    assert file.content.rstrip().endswith(b"%%EOF")


def test_the_six_kinds_of_the_faq_are_offered() -> None:
    contract = next(each for each in EXAMPLES if each.heading.startswith("11.")).answer["data"]["contract"]
    offered = {
        each["kind"] for each in contract["availableRequests"] + contract["client"]["availableRequests"]
    }
    assert offered > SIX_KINDS


def test_both_reasons_of_the_faq_are_explained() -> None:
    reasons = [
        {line["kind"] for line in each.answer["data"]["invoice"]["amountDueExplanation"]}
        for each in EXAMPLES
        if each.heading.startswith("9.")
    ]
    assert "OVERPAYMENT" in reasons[0]
    assert "CORRECTION" in reasons[1]
