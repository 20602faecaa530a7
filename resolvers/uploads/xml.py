"""Reading XML from anybody: well-formed, bounded in depth, without a document type."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from resolvers.uploads.refusal import WrongContent

_MOST_DEPTH = 200
_MOST_TAG = 1024 * 1024


def read_xml(parts: Iterable[bytes], begin: Callable[[str, dict[str, str]], None] | None = None) -> None:
    """Calls `begin` with the name and the attributes of each element. Raises WrongContent.

    Entities could make a small file a huge one; only a document type declares them.
    """
    depth = fed = 0

    def refuse(*_: object) -> None:
        raise WrongContent("must not have a document type declaration")

    def down(tag: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise WrongContent(f"is nested deeper than {_MOST_DEPTH} elements")
        if begin:
            begin(tag, given)

    def up(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = down
    parser.EndElementHandler = up
    try:
        for part in parts:
            fed += len(part)
            parser.Parse(part, False)
            if fed - parser.CurrentByteIndex > _MOST_TAG:  # the parser holds a tag until it is whole
                raise WrongContent(f"holds a tag or a comment of more than {_MOST_TAG} bytes")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        told = expat.ErrorString(error.code)
        raise WrongContent(f"is no well-formed XML: {told} in line {error.lineno}") from error
    except (LookupError, ValueError) as error:
        raise WrongContent("is XML in an encoding that can't be read") from error
