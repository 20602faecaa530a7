"""Messages of the protocol `graphql-transport-ws`, as the client sends them.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from typing import Any, Final, TypeAlias

import msgspec

from gateway.graphql.parameters import Parameters

PROTOCOL: Final = "graphql-transport-ws"


class ConnectionInit(msgspec.Struct, tag_field="type", tag="connection_init"):
    """The first one; the payload may hold `authorization`."""

    payload: dict[str, Any] | None = None


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """Answered by a pong with the same payload."""

    payload: dict[str, Any] | None = None


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    """Answered by nothing."""

    payload: dict[str, Any] | None = None


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe"):
    """Asks for an operation of any type; everything about it bears its id."""

    id: str
    payload: Parameters


class Complete(msgspec.Struct, tag_field="type", tag="complete"):
    """Wants no more of an operation."""

    id: str


Message: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete

decode = msgspec.json.Decoder(Message).decode
