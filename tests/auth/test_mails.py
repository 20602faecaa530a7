"""The credential mails, as text and as HTML."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from auth.mails import Mail, Mails
from auth.messages import LANGUAGES, Language
from auth.options import AuthOptions
from auth.profile import Profile

KINDS: dict[str, Callable[[Mails, Profile], Mail]] = {
    "PIN": lambda mails, profile: mails.pin(profile, "12345678"),
    "invitation": lambda mails, profile: mails.invitation(profile, "t" * 43),
    "user's invitation": lambda mails, profile: mails.invitation(
        Profile(
            login="USR-1",
            email=profile.email,
            language=profile.language,
            company_name="Tartak Sp. z o.o.",
            client_numbers=("100200",),
        ),
        "t" * 43,
    ),
    "other address": lambda mails, profile: mails.address_changed(profile),
    "already active": lambda mails, profile: mails.already_active(profile),
    "first password": lambda mails, profile: mails.password_set(profile, "first"),
    "changed password": lambda mails, profile: mails.password_set(profile, "change"),
    "new password": lambda mails, profile: mails.password_set(profile, "reset"),
}
OPTIONS = AuthOptions(
    public_url="https://portal.example.com", leasing_company="Przykład & Syn S.A.", pepper=b"p" * 32
)


class Seen(HTMLParser):
    """What a reader of the HTML sees, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.languages: list[str] = []
        self.loaded: list[str] = []
        self.feed(html[html.index("<html") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.languages += [str(given["lang"])] if "lang" in given else []
        self.links += [str(given["href"])] if "href" in given else []
        self.loaded += [str(given[name]) for name in ("src", "background", "class") if name in given]
        if tag == "body":
            self.texts.clear()  # the title is no part of the letter

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def mail(kind: str, language: Language) -> Mail:
    return KINDS[kind](Mails(OPTIONS), Profile(login="100200", email="a@example.com", language=language))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: str, language: Language) -> None:
    composed = mail(kind, language)
    seen = Seen(composed.html)
    assert words(" ".join(seen.texts)) == words(composed.text)
    assert set(seen.languages) == {language}
    assert seen.loaded == [], "nothing is loaded, and there is no style sheet to find a class in"
    assert set(seen.links) == set(re.findall(r"https?://\S+", composed.text))
    assert composed.text.startswith("Dzień dobry," if language == "pl" else "Hello,")
    assert composed.text.endswith("\n\nPrzykład & Syn S.A.\n")
    assert not re.search(r"[{}]|\n\n\n|\.\.", composed.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pin_stands_alone_and_nothing_can_be_followed(language: Language) -> None:
    composed = mail("PIN", language)
    assert "1234 5678" in composed.text.splitlines()
    assert ">1234 5678<" in composed.html
    assert "http" not in composed.text + composed.html
    assert not re.search(r"\d", composed.subject)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_leads_to_the_first_login(language: Language) -> None:
    link = f"https://portal.example.com/first-login?invite={'t' * 43}"
    assert Seen(mail("invitation", language).html).links == [link, link]
