"""One execution of a plan, and what its values leave behind."""

from typing import TYPE_CHECKING, Any

from graphql.execution.values import VariableValues

if TYPE_CHECKING:
    from execution.plan import Plan
    from execution.selection import Selection


class Failure:
    """Stands in an answer where a value failed, until paths are known."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Run:
    """What all fields of one execution share."""

    __slots__ = ("awaited", "context", "failed", "kinds", "plan", "root", "variables")

    def __init__(self, plan: "Plan", root: Any, context: Any, variables: VariableValues) -> None:
        self.plan = plan
        self.root = root
        self.context = context
        self.variables = variables
        self.failed = False
        """Whether anything failed, or is null where null may not stand."""
        self.awaited = False
        """Whether the level that is being made holds leaves to wait for."""
        self.kinds: dict[int, Selection] = {}
        """By the identity of its row: the selection of an object whose field has an abstract type."""

    def fail(self, error: Exception) -> Failure:
        """The mark of a failed value."""
        self.failed = True
        return Failure(error)
