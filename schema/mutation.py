"""The root of all mutations: one file each."""

import strawberry

from schema.notification_read import NotificationReadPayload, notification_read
from schema.permitted import permitted
from schema.promotion_dismiss import PromotionDismissPayload, promotion_dismiss


@permitted
@strawberry.type(description="Where every change begins; each is run after the one before it.")
class Mutation:
    notification_read: NotificationReadPayload | None = notification_read
    promotion_dismiss: PromotionDismissPayload | None = promotion_dismiss
