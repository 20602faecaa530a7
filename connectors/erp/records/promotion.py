"""Promotions: what the leasing company offers on the portal's pages."""

from datetime import date

import msgspec

from connectors.record import Code, Record


class PromotionSlot(Code):
    """Where on a page it is meant to stand."""

    BANNER = "BANNER"
    CARD = "CARD"
    NOTICE = "NOTICE"
    UNKNOWN = "UNKNOWN"


class Audience(Code):
    """Whom it is meant for; the ERP decides who that is."""

    ALL = "ALL"
    CONTRACT_ENDING = "CONTRACT_ENDING"
    NO_CONTRACTS = "NO_CONTRACTS"
    UNKNOWN = "UNKNOWN"


class Texts(msgspec.Struct, frozen=True):
    """A text in Polish and in English."""

    pl: str
    en: str


class PromotionRecord(Record, frozen=True):
    """A promotion as shown to one client, valid on the ERP's day; the least `priority` comes first."""

    code: str
    client_number: str
    slot: PromotionSlot
    title: Texts
    body: Texts
    image_url: str | None
    link: str | None
    valid_from: date
    valid_to: date
    priority: int
    audience: Audience
    dismissible: bool
