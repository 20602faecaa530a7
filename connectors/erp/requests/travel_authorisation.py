"""An authorisation to take a vehicle abroad."""

from datetime import date

import msgspec

from connectors.erp.requests.shared import PaperLanguage


class TravelAuthorisationDetails(msgspec.Struct, frozen=True, rename="camel"):
    """Countries as ISO 3166-1 alpha-2; both days inclusive."""

    registration_number: str | None = None
    countries: tuple[str, ...] | None = None
    first_day: date | None = msgspec.field(default=None, name="from")
    last_day: date | None = msgspec.field(default=None, name="to")
    drivers: tuple[str, ...] | None = None
    language: PaperLanguage | None = None
    policy_annex: bool | None = None


class TravelTerms(msgspec.Struct, frozen=True, rename="camel"):
    """The back office's lists: where nobody may go, and where cover must be extended first."""

    denied_countries: frozenset[str] = frozenset()
    extra_cover_countries: frozenset[str] = frozenset()
