"""The root of all mutations: one file each."""

from typing import Any

import strawberry

from schema.notification_read import notification_read
from schema.permitted import permitted
from schema.portal_user_change import CHANGES
from schema.portal_user_invite import INVITATIONS
from schema.promotion_dismiss import promotion_dismiss
from schema.service_request_steps import STEPS
from schema.service_requests import ENTRIES

_FIELDS: dict[str, Any] = {
    "notification_read": notification_read,
    "promotion_dismiss": promotion_dismiss,
    **{f"service_request_{entry.kind.code.value.lower()}_submit": entry.submit for entry in ENTRIES},
    **STEPS,
    **INVITATIONS,
    **CHANGES,
}
Mutation = permitted(
    strawberry.type(
        type("Mutation", (), _FIELDS),
        description="Where every change begins; each is run after the one before it.",
    )
)
