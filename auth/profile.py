"""What the store keeps of an account: enough to answer a session without asking the directory."""

import json
from dataclasses import asdict, dataclass

import msgspec

from auth.ports import PortalAccount


@dataclass(frozen=True, slots=True)
class Profile:
    """A copy of a PortalAccount, taken when a flow starts and at each login. Satisfies PortalAccount."""

    login: str = ""
    email: str = ""
    first_name: str = ""
    surname: str = ""
    display_name: str = ""
    company_name: str = ""
    client_numbers: tuple[str, ...] = ()
    role: str = ""
    language: str = "pl"

    @classmethod
    def of(cls, account: PortalAccount | None, login: str) -> "Profile":
        """The account's profile; of an unknown login one with nothing in it."""
        if account is None:
            return cls(login=login)
        return cls(
            login=login,
            email=account.email,
            first_name=account.first_name,
            surname=account.surname,
            display_name=account.display_name,
            company_name=account.company_name,
            client_numbers=tuple(account.client_numbers),
            role=account.role,
            language="en" if account.language == "en" else "pl",
        )

    @classmethod
    def from_json(cls, text: str) -> "Profile":
        return _decode(text)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


_decode = msgspec.json.Decoder(Profile).decode
