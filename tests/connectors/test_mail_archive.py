"""Archives that mix clients up."""

from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from connectors.mail.port import Correspondent, MessageRecord
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

ALL = Slice(1000)


def read(items: object) -> list[MessageRecord]:
    """Messages, none of them broken or missing."""
    assert isinstance(items, list | tuple)
    assert all(isinstance(item, MessageRecord) for item in items), items
    return list(items)


async def test_an_archive_that_mixes_clients_up_is_not_believed(
    archive: RestMailArchive, switched: Sandbox
) -> None:
    """Be it the wrong address, or a shared address and the wrong client."""
    with switched.fault("/mail/*", mode="lie"):
        (page,) = await archive.messages_by_address(
            [Correspondent("efaktury+0010001@example.com", "0010001")], ALL
        )
        (found,) = await archive.messages_by_id(["1"])
    assert page.items
    assert {type(item) for item in page.items} == {MalformedRecord}
    assert isinstance(found, MalformedRecord)


async def test_a_message_that_names_another_client_is_not_believed() -> None:
    """Somebody may act for both clients, so that no policy would hide it."""
    body = b"""{"results": [{"hasNext": false, "next": null, "items": [{"id": "1", "clientNumber": "0010002",
        "direction": "INBOUND", "subject": "x", "sentAt": "2026-11-22T10:00:00Z", "from": "both@example.com",
        "to": "a@example.com", "body": "", "attachments": [], "headers": {}, "asOf": "2026-11-22T10:00:00Z"
        }]}]}"""
    async with answering(body) as url:
        http = UpstreamClient("mail", url)
        archive = RestMailArchive(http)
        (own,) = await archive.messages_by_address([Correspondent("both@example.com", "0010002")], ALL)
        (foreign,) = await archive.messages_by_address([Correspondent("both@example.com", "0010001")], ALL)
        await http.close()
    assert [message.subject for message in read(own.items)] == ["x"]
    assert [type(item) for item in foreign.items] == [MalformedRecord]
