"""Promotion: what the leasing company offers on the portal's pages."""

from datetime import date

import strawberry

from connectors.erp.records.promotion import Audience, PromotionSlot
from schema.fields import described, enum

enum(
    PromotionSlot,
    "Where on a page a promotion is meant to stand.",
    {
        "BANNER": "Across the top of the page.",
        "CARD": "A card among others.",
        "NOTICE": "A line of text.",
    },
)
enum(
    Audience,
    "Whom a promotion is meant for; the back office decides who that is.",
    {
        "ALL": "All clients.",
        "CONTRACT_ENDING": "Clients with a contract that ends within six months.",
        "NO_CONTRACTS": "Clients that have no contract yet.",
    },
)


@strawberry.type(description="A text in the portal's languages.")
class TranslatedText:
    pl: str = described("In Polish.")
    en: str = described("In English.")


@strawberry.type(description="What is offered to a client, valid on the back office's day.")
class Promotion:
    code: str = described("Its key, by which it is dismissed.")
    slot: PromotionSlot = described("Where on a page it is meant to stand.")
    title: TranslatedText = described("Title.")
    body: TranslatedText = described("Text.")
    image_url: str | None = described("Address of its picture.")
    link: str | None = described("Address of the page that tells more.")
    valid_from: date = described("Its first day.")
    valid_to: date = described("Its last day.")
    priority: int = described("Its place among the others; the least comes first.")
    audience: Audience = described("Whom it is meant for.")
    dismissible: bool = described("Indicates whether a user may dismiss it for good.")
