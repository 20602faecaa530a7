"""What every system keeps that has promotions: see `connectors.erp.ports.promotions.PromotionPort`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from connectors.contract_tests.data.erp import ErpData
from connectors.contract_tests.erp import ErpPartContract
from connectors.contract_tests.keys import whole
from connectors.erp.ports.promotions import PromotionPort


class PromotionsContract(ErpPartContract[PromotionPort, ErpData]):
    """Promotions as each client is shown them: at least one for each of the two clients."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {"promotions_by_client": ()}

    @pytest.fixture
    def data(self) -> ErpData:
        """Two clients."""
        return ErpData()

    async def known(self, port: PromotionPort, data: ErpData) -> Mapping[str, Sequence[str]]:
        del port
        return {"promotions_by_client": (data.client, data.other)}

    async def test_the_most_important_first_each_once(self, port: PromotionPort, data: ErpData) -> None:
        for page in await port.promotions_by_client([data.client, data.other]):
            items = whole(page.items)
            assert not page.has_next, "the list is whole"
            assert [each.priority for each in items] == sorted(each.priority for each in items)
            assert len({each.code for each in items}) == len(items)
            for each in items:
                assert each.valid_from <= each.valid_to
                assert each.title.pl
                assert each.title.en
