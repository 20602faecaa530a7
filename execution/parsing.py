"""The parser of documents: what it makes is to be kept, so nodes know their places, but not their tokens.

graphql-core's nodes hold the tokens that they were read from, all in a chain: half of a document's memory, in
cycles that only the garbage collector ends.
"""

from graphql import DocumentNode, Location, Token
from graphql.language.parser import Parser, nested_too_deeply_error


def parsed(text: str, most_tokens: int | None = None) -> DocumentNode:
    """The document. Raises GraphQLError as `graphql.parse` does."""
    parser = _Parser(text, max_tokens=most_tokens)
    try:
        return parser.parse_document()
    except RecursionError:
        pass
    raise nested_too_deeply_error(parser)


class _Parser(Parser):
    def loc(self, start_token: Token) -> Location:
        """Where a node begins and ends in the source: all that errors tell of it."""
        location = Location.__new__(Location)
        location.start = start_token.start
        location.end = self._lexer.last_token.end
        location.source = self._lexer.source
        return location

    def parse_document(self) -> DocumentNode:
        """Leaves the tokens to themselves in the end, each free at once."""
        token: Token | None = self._lexer.token
        try:
            return super().parse_document()
        finally:
            while token is not None:
                following, token.prev, token.next = token.next, None, None
                token = following
