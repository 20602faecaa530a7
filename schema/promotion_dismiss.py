"""The mutation `promotionDismiss`."""

from typing import Annotated, Any

import strawberry

from resolvers.promotions import PromotionDismissRefusal, dismiss
from schema.fields import Info, argument, enum
from schema.promotion import Promotion
from schema.user_error import UserError

enum(
    PromotionDismissRefusal,
    "Why a promotion can't be dismissed.",
    {
        "NOT_FOUND": "None with this code is shown to the user's clients today.",
        "NOT_DISMISSIBLE": "It stays for everybody.",
    },
    name="PromotionDismissErrorCode",
)
_MESSAGES = {
    PromotionDismissRefusal.NOT_FOUND: "There is no promotion with this code.",
    PromotionDismissRefusal.NOT_DISMISSIBLE: "This promotion can't be dismissed.",
}


@strawberry.input(description="What to dismiss.")
class PromotionDismissInput:
    code: str = strawberry.field(description="The promotion's code.")


@strawberry.type(description="Why a promotion was not dismissed.")
class PromotionDismissError(UserError):
    code: PromotionDismissRefusal = strawberry.field(description="The reason.")


@strawberry.type(description="What came of it.")
class PromotionDismissPayload:
    promotion: Promotion | None = strawberry.field(description="The promotion that was dismissed.")
    errors: list[PromotionDismissError] = strawberry.field(description="Why not; empty when all went well.")


async def _resolve(info: Info, input: Annotated[PromotionDismissInput, argument("What to dismiss.")]) -> Any:
    found = await dismiss(info.context, input.code)
    if isinstance(found, PromotionDismissRefusal):
        error = PromotionDismissError(message=_MESSAGES[found], path=["input", "code"], code=found)
        return PromotionDismissPayload(promotion=None, errors=[error])
    dismissed: Any = found
    return PromotionDismissPayload(promotion=dismissed, errors=[])


promotion_dismiss: Any = strawberry.field(
    resolver=_resolve,
    description="Hides a promotion from the user who asks, for good. Doing it twice is no error.",
)
