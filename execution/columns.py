"""Which attributes of which objects an operation reads, known before anything runs.

Of each type it is one set for the whole operation, whatever the path: an object that two fields share has all
that either reads. Where any field's reading is unknown (a resolver that declares nothing, introspection), so
is the operation's, since that field may read anything of any object.
"""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from execution.reading import reads_of

if TYPE_CHECKING:
    from execution.plan import Plan

Columns: TypeAlias = Mapping[Hashable, frozenset[str]]
"""Attributes that are read of objects, by what `sources` has for the names of their types."""


def columns_of(plan: "Plan", flags: VariableValues, sources: Mapping[str, Hashable]) -> Columns | None:
    """What a plan reads of those types that `sources` names; None where that is unknown.

    Several types may have one source. A source whose types are not asked for is left out.
    """
    found: dict[Hashable, set[str]] = {}
    query = plan.schema.query_type
    assert query is not None  # noqa: S101 - for mypy: there is a plan
    waiting: list[tuple[GraphQLObjectType, SelectionSetNode]] = [(query, plan.operation.selection_set)]
    seen: set[tuple[str, int]] = set()
    while waiting:
        named, selected = waiting.pop()
        if (named.name, id(selected)) in seen:
            continue
        seen.add((named.name, id(selected)))
        read = found.setdefault(sources[named.name], set()) if named.name in sources else set()
        for node in selected.selections:
            if not _is_included(node, flags):
                continue
            if not isinstance(node, FieldNode):
                inner = _inner(plan, named, node)
                waiting += [(named, inner)] if inner else []
            elif node.name.value != "__typename":
                reads = _reads(plan, named, node, waiting)
                if reads is None:
                    return None
                read.update(reads)
    return {source: frozenset(attributes) for source, attributes in found.items()}


def _reads(
    plan: "Plan",
    named: GraphQLObjectType,
    node: FieldNode,
    waiting: list[tuple[GraphQLObjectType, SelectionSetNode]],
) -> frozenset[str] | None:
    """What a field reads of its object; what is asked of its own objects is added to `waiting`."""
    definition = plan.schema.get_field(named, node.name.value)
    if definition is None:
        return None
    reads = reads_of(definition, plan.owner)
    if reads is not None and node.selection_set:
        possible = plan.possible(get_named_type(definition.type))
        waiting += [(each, node.selection_set) for each in possible]
    return reads


def _inner(plan: "Plan", named: GraphQLObjectType, node: SelectionNode) -> SelectionSetNode | None:
    """What a fragment asks of objects of a type."""
    fragment: FragmentDefinitionNode | InlineFragmentNode
    if isinstance(node, FragmentSpreadNode):
        fragment = plan.fragments[node.name.value]
    else:
        fragment = cast("InlineFragmentNode", node)
    condition = fragment.type_condition
    if condition is not None and condition.name.value != named.name:
        around = plan.schema.get_type(condition.name.value)
        if not (is_abstract_type(around) and plan.schema.is_sub_type(around, named)):
            return None
    return fragment.selection_set


def _is_included(node: SelectionNode, flags: VariableValues) -> bool:
    if not node.directives:
        return True
    skip = get_directive_values(GraphQLSkipDirective, node, flags)
    include = get_directive_values(GraphQLIncludeDirective, node, flags)
    return not (skip and skip["if"]) and not (include and not include["if"])
