"""Values that follow from some attributes of a record: which ones is what its function takes, by their names.

So a declaration can't lack one, and a record may be there in part (`connectors.columns`).
"""

import inspect
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Derived(Generic[T]):
    """`function` takes the values of `attributes`, in their order. Called with a record, it reads them."""

    def __init__(self, function: Callable[..., T]) -> None:
        self.function = function
        self.attributes = tuple(inspect.signature(function).parameters)

    def __call__(self, record: Any) -> T:
        """The value of one record."""
        return self.function(*[getattr(record, name) for name in self.attributes])


def derived(function: Callable[..., T]) -> Derived[T]:
    """Decorates a function whose parameters are called as the attributes that they take."""
    return Derived(function)
