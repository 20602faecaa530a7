"""The credential mails, as text and HTML, in the account's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from auth import pins
from auth.messages import MESSAGES, Language, message
from auth.options import AuthOptions
from auth.outbox import Letter
from auth.profile import Profile
from auth.templating import template


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str


class Mails:
    def __init__(self, options: AuthOptions) -> None:
        self._options = options

    def composed(self, letter: Letter) -> Mail:
        compose: Mapping[str, Callable[..., Mail]] = {
            "pin": self.pin,
            "invitation": self.invitation,
            "already_active": self.already_active,
            "address_changed": self.address_changed,
            "password_set": self.password_set,
        }
        return compose[letter.kind](letter.profile, **letter.values)

    def pin(self, profile: Profile, pin: str) -> Mail:
        """The code, and no link: nobody should learn to click in such a mail."""
        return self._mail("pin", profile, code=pins.shown(pin), minutes=round(self._options.pin_seconds / 60))

    def invitation(self, profile: Profile, token: str) -> Mail:
        link = self._options.link(f"/first-login?invite={token}")
        days = max(1, round(self._options.invitation_seconds / 86400))
        # Whom a client's owner invites has a login of their own, which no e-invoice ever told them.
        kind = "invitation" if profile.login in profile.client_numbers else "user_invitation"
        return self._mail(kind, profile, link=link, days=days, client=profile.company_name)

    def already_active(self, profile: Profile) -> Mail:
        return self._mail("already_active", profile, link=self._options.link("/reset-password"))

    def address_changed(self, before: Profile) -> Mail:
        """To the address that is no longer the account's."""
        return self._mail("address_changed", before)

    def password_set(self, profile: Profile, purpose: Literal["first", "reset", "change"]) -> Mail:
        return self._mail(
            f"{purpose}_done",
            profile,
            link=self._options.link("/reset-password"),
        )

    def _mail(
        self, kind: str, profile: Profile, *, code: str = "", link: str = "", **values: str | int
    ) -> Mail:
        language: Language = "en" if profile.language == "en" else "pl"
        company = self._options.leasing_company
        values |= {"company": company, "login": profile.login}

        def paragraphs(part: str) -> list[str]:
            return message(language, f"mail_{kind}_{part}", **values).split("\n")

        subject = message(language, f"mail_{kind}_subject", **values)
        before = paragraphs("before")
        after = paragraphs("after") if f"mail_{kind}_after" in MESSAGES[language] else []
        label = message(language, f"mail_{kind}_link") if link else ""
        shown = [code] if code else [f"{label}:\n{link}"] if link else []
        text = "\n\n".join([*before, *shown, *after, company]) + "\n"
        html = template("mail.html").render(
            language=language, subject=subject, company=company, before=before, after=after,
            code=code, link=link, link_label=label,
        )  # fmt: skip
        return Mail(profile.email, subject, text, html)
