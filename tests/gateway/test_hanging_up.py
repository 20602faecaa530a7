"""What a query leaves behind that was watched for its client."""

import asyncio
import gc

from gateway.graphql.hanging_up import Clients, WhileConnected


async def test_a_long_query_leaves_no_garbage_behind() -> None:
    looked = asyncio.Event()

    async def still_there() -> dict[str, str]:
        looked.set()
        await asyncio.Event().wait()
        raise AssertionError

    gc.collect()
    gc.disable()
    try:
        with Clients().connected(still_there):
            await asyncio.wait_for(looked.wait(), 30)
        await asyncio.sleep(0)  # the task that looked is cancelled
        left = [each for each in gc.get_objects() if isinstance(each, WhileConnected)]
    finally:
        gc.enable()
    assert not left
