"""Documents, each parsed and checked once for as long as it is remembered."""

from collections.abc import Sequence

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    ValidationRule,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from execution.parsing import parsed
from execution.remembering import Remembered
from execution.variables import Variables

MOST_WEIGHT = 25_000
"""Tokens of all documents that are remembered beside those that are kept for good: some 10 MB."""


class Operation:
    """An operation of a document; `weight` is what the document weighs."""

    def __init__(self, document: DocumentNode, node: OperationDefinitionNode, weight: int) -> None:
        self.document = document
        self.node = node
        self.weight = weight
        self.kind: OperationType = node.operation
        """Query, mutation or subscription."""
        self.kind_name: str = node.operation.value
        self.name = node.name.value if node.name else None
        """Its name, if it has one."""
        self.flags: tuple[str, ...] | None = None
        """The variables that choose the plan, once they are known."""
        self.variables: Variables | None = None
        """What it declares, once it has been run."""
        self.unplanned: str | None = None
        """Why graphql-core runs it, as far as that is so."""
        self.is_passing = False
        """Whether nobody is expected to ask for it again."""


class Document:
    """A document's text, read. `errors` are those of the whole document: nothing of it may be run then.

    `syntax_errors` leave it without operations.
    """

    def __init__(self, node: DocumentNode | None, errors: Sequence[GraphQLError], weight: int) -> None:
        self.syntax_errors = list(errors) if node is None else []
        self.errors = list(errors)
        self.weight = weight
        definitions = node.definitions if node else ()
        self.operations = [
            Operation(node, each, weight)
            for each in definitions
            if node and isinstance(each, OperationDefinitionNode)
        ]

    def operation(self, name: str | None) -> Operation | None:
        """The operation of this name; the first one where no name is given."""
        for operation in self.operations:
            if name is None or operation.name == name:
                return operation
        return None


class Documents:
    """Documents by their text, the latest used of them remembered.

    `rules` are checked besides the specification's. `most_tokens` bounds one document, `most` how many are
    remembered, and `most_weight` how many tokens these have in all: a token costs some 400 bytes, plan
    included. Where `most_met` is set, a text is remembered when it comes again; of so many that came once
    only hashes are kept. Clients that write values into their documents never send one twice, and would push
    out what others come back to.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: Sequence[type[ValidationRule]] = (),
        *,
        most_tokens: int | None = None,
        most: int = 1000,
        most_weight: int = MOST_WEIGHT,
        most_met: int = 0,
    ) -> None:
        self._schema = schema
        self._rules = (*specified_rules, *rules, MaybeNullValidationRule)
        self._most_tokens = most_tokens
        self._known: Remembered[str, Document] = Remembered(most, most_weight)
        self._most_met = most_met
        self._met: Remembered[int, bool] = Remembered(most_met, most_met)

    def __len__(self) -> int:
        return len(self._known)

    def read(self, text: str) -> Document:
        """The document with this text."""
        document = self._known.get(text)
        if document is None:
            document = self._read(text)
            if self._most_met and not self._met.get(hash(text)):
                self._met.put(hash(text), True, 1)
                for operation in document.operations:
                    operation.is_passing = True
            else:
                self._known.put(text, document, document.weight)
        return document

    def keep(self, text: str) -> Document:
        """The document with this text, remembered for good and beyond the bounds."""
        document = self._known.get(text) or self._read(text)
        self._known.keep(text, document)
        return document

    def _read(self, text: str) -> Document:
        weight = len(text) // 100 + 1
        try:
            node = parsed(text, self._most_tokens)
        except GraphQLError as error:
            return Document(None, [error], weight)
        except Exception as error:
            return Document(None, [GraphQLError(str(error), original_error=error)], weight)
        weight += node.token_count
        try:
            errors = validate(self._schema, node, self._rules)
        except Exception as error:
            errors = [GraphQLError(str(error), original_error=error)]
        return Document(node, errors, weight)
