"""Promotions for a client, less those that the viewer dismissed."""

from collections.abc import Sequence
from typing import TypeAlias

from connectors.batch import Page
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.promotion import PromotionRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.user_errors import NotDismissible, NotFound, UserError
from resolvers.user_state import Mark, mark_for_viewer, marks_of_viewer

promotions_by_client: Loader[Page[PromotionRecord | MalformedRecord]] = asking(
    PromotionRecord, lambda op: op.backoffice.promotions.promotions_by_client
)


Items: TypeAlias = Sequence[PromotionRecord | MalformedRecord]


async def promotions_of(op: Operation, client: ClientRecord, include_dismissed: bool) -> Items:
    """What is shown to the viewer for a client, the most important first."""
    items = (await promotions_by_client.load(op, client.number)).items
    return await _shown(op, items, include_dismissed)


async def promotions_of_viewer(op: Operation, include_dismissed: bool) -> Items:
    """What is shown to the viewer for any of their clients, each once, the most important first."""
    items = await _of_all_clients(op)
    once = {item.code: item for item in items if isinstance(item, PromotionRecord)}
    ordered = sorted(once.values(), key=lambda item: (item.priority, item.code))
    broken = [item for item in items if isinstance(item, MalformedRecord)]
    return await _shown(op, [*ordered, *broken], include_dismissed)


async def _of_all_clients(op: Operation) -> list[PromotionRecord | MalformedRecord]:
    numbers = sorted(op.viewer.client_numbers) if op.viewer else []
    found: list[PromotionRecord | MalformedRecord] = []
    for page in await promotions_by_client.load_each(op, numbers):
        found += [page] if isinstance(page, MalformedRecord) else page.items
    return found


async def _shown(op: Operation, items: Items, include_dismissed: bool) -> Items:
    """What was dismissed comes back where the ERP no longer lets it be dismissed."""
    if include_dismissed:
        return items
    dismissed = await marks_of_viewer(op, Mark.DISMISSED_PROMOTION)
    return [
        item
        for item in items
        if isinstance(item, MalformedRecord) or not item.dismissible or item.code not in dismissed
    ]


async def dismiss(op: Operation, code: str) -> PromotionRecord | UserError:
    """Never shows a promotion to the viewer again; dismissing it twice is no error."""
    for item in await _of_all_clients(op):
        if isinstance(item, PromotionRecord) and item.code == code:
            if not item.dismissible:
                return NotDismissible(message="This promotion can't be dismissed.", path=("input", "code"))
            await mark_for_viewer(op, Mark.DISMISSED_PROMOTION, code)
            return item
    return NotFound(message="There is no promotion with this code.", path=("input", "code"))
