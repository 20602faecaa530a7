"""The mutation `promotionDismiss`."""

from typing import Annotated, Any

import strawberry

from resolvers import user_errors
from resolvers.promotions import dismiss
from schema.fields import Info, argument
from schema.promotion import Promotion
from schema.user_error import UserError


@strawberry.input(description="What to dismiss.")
class PromotionDismissInput:
    code: str = strawberry.field(description="The promotion's code.")


@strawberry.type(description="What came of it.")
class PromotionDismissPayload:
    promotion: Promotion | None = strawberry.field(description="The promotion that was dismissed.")
    errors: list[UserError] = strawberry.field(description="Why not; empty when all went well.")


async def _resolve(
    info: Info, input: Annotated[PromotionDismissInput, argument("What to dismiss.")]
) -> PromotionDismissPayload | None:
    found: Any = await dismiss(info.context, input.code)
    if isinstance(found, user_errors.UserError):
        told: Any = found
        return PromotionDismissPayload(promotion=None, errors=[told])
    return PromotionDismissPayload(promotion=found, errors=[])


promotion_dismiss: Any = strawberry.field(
    resolver=_resolve,
    description="Hides a promotion from the user who asks, for good. Doing it twice is no error.",
)
