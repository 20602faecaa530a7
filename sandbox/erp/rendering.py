"""JSON written by SQLite: a record is one `format()` call, faster by far than rows made into objects."""

from typing import NamedTuple


class Piece(NamedTuple):
    """A part of a `format()` template and the SQL expressions that fill it."""

    template: str
    arguments: tuple[str, ...]


def text(column: str) -> Piece:
    """Text that never needs escaping: dates, codes, numbers."""
    return Piece('"%s"', (column,))


def escaped(column: str) -> Piece:
    """Any text, or null."""
    return Piece("%s", (f"json_quote({column})",))


def json(column: str) -> Piece:
    """A column that holds JSON already, or null."""
    return Piece("%s", (f"coalesce({column}, 'null')",))


def identifier(column: str) -> Piece:
    """An integer id as a string."""
    return Piece('"%d"', (column,))


def optional_identifier(column: str) -> Piece:
    """An integer id as a string, or null."""
    return Piece("%s", (f"iif({column} IS NULL, 'null', '\"' || {column} || '\"')",))


def client_number(column: str) -> Piece:
    """A client's seven digits."""
    return Piece('"%07d"', (column,))


def integer(column: str) -> Piece:
    """A number."""
    return Piece("%d", (column,))


def boolean(column: str) -> Piece:
    """True or false."""
    return Piece("%s", (f"iif({column}, 'true', 'false')",))


def money(column: str) -> Piece:
    """Minor units, never negative, as a decimal string."""
    return Piece('"%d.%02d"', (f"({column}) / 100", f"({column}) % 100"))


def decimal(column: str) -> Piece:
    """Minor units as a decimal without its quotes."""
    return Piece("%s%d.%02d", (f"iif({column} < 0, '-', '')", f"abs({column}) / 100", f"abs({column}) % 100"))


def signed_money(column: str) -> Piece:
    """Minor units as a decimal string."""
    piece = decimal(column)
    return Piece(f'"{piece.template}"', piece.arguments)


def structure(**pieces: Piece) -> Piece:
    """An object."""
    template = ",".join(f'"{name}":{piece.template}' for name, piece in pieces.items())
    return Piece(f"{{{template}}}", tuple(value for piece in pieces.values() for value in piece.arguments))


def optional(condition: str, piece: Piece) -> Piece:
    """The piece where the condition holds, or null."""
    return Piece("%s", (f"iif({condition}, {expression(piece)}, 'null')",))


def expression(piece: Piece) -> str:
    """The SQL expression that gives the piece's JSON."""
    template = piece.template.replace("'", "''")
    return f"format('{template}', {', '.join(piece.arguments)})"
