"""Limits that a document must keep before anything of it is run; each refusal names figure and limit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationRule,
)

from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int
    aliases: int
    fields: int  # at this level, fragments unfolded

    @classmethod
    def of(cls, parts: Iterable["_Size"]) -> "_Size":
        parts = list(parts)
        return cls(
            max((part.depth for part in parts), default=0),
            sum(part.aliases for part in parts),
            sum(part.fields for part in parts),
        )


class _Measure:
    """Sizes of selections; each fragment is measured once, so that nested spreads cost no more than text."""

    def __init__(self, fragments: Callable[[str], FragmentDefinitionNode | None]) -> None:
        self._fragment = fragments
        self._known: dict[str, _Size] = {}

    def selection(self, selection_set: SelectionSetNode | None) -> _Size:
        return _Size.of(self._one(node) for node in (selection_set.selections if selection_set else ()))

    def _one(self, node: Any) -> _Size:
        if isinstance(node, FieldNode):
            inner = self.selection(node.selection_set)
            if node.name.value.startswith("__"):  # how deep introspection goes, another rule bounds
                inner = _Size(0, inner.aliases, 0)
            return _Size(inner.depth + 1, inner.aliases + (node.alias is not None), 1)
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value)
        return self.selection(node.selection_set)

    def _spread(self, name: str) -> _Size:
        if name not in self._known:
            self._known[name] = _Size(0, 0, 0)  # a cycle ends here; another rule refuses it
            fragment = self._fragment(name)
            self._known[name] = self.selection(fragment.selection_set if fragment else None)
        return self._known[name]


def size_rule(settings: Settings) -> type[ValidationRule]:
    """The validation rule for these limits."""

    class SizeRule(ValidationRule):
        def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
            size = _Measure(self.context.get_fragment).selection(node.selection_set)
            for what, figure, limit in (
                ("is nested {} fields deep", size.depth, settings.max_depth),
                ("holds {} aliases", size.aliases, settings.max_aliases),
                ("asks for {} fields at its root", size.fields, settings.max_root_fields),
            ):
                if figure > limit:
                    self.report_error(
                        GraphQLError(f"The operation {what.format(figure)}; the limit is {limit}.", node)
                    )

    return SizeRule
