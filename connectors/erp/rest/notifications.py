"""Notifications over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import NotificationFilter, Slice
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.rest.collection import Asked, Collection
from connectors.http import UpstreamClient

_id = by("id")
_client = by("client_number")


class RestNotifications:
    """See `connectors.erp.ports.notifications.NotificationPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._notifications = Collection(http, "notifications", "notification", NotificationRecord)

    def notifications_by_id(self, ids: Keys) -> Asked[Found[NotificationRecord]]:
        return self._notifications.get("id", ids, _id)

    def notifications_by_client(
        self, numbers: Keys, where: NotificationFilter, part: Slice
    ) -> Asked[Pages[NotificationRecord]]:
        return self._notifications.pages("client", numbers, _client, part, where)

    def notification_counts_by_client(self, numbers: Keys, where: NotificationFilter) -> Asked[list[int]]:
        return self._notifications.count("client", numbers, where)
