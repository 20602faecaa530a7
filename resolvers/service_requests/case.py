"""A request that is being checked: what was given, about what, on which day, and what is wrong with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import msgspec

from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.request import RequestKind
from resolvers.operation import Operation
from resolvers.permissions import Subject
from resolvers.user_errors import InvalidInput, NotFound, UserError


@dataclass
class Case:
    """`given` is the mutation's input, `today` the back office's day, `terms` those of today's quote."""

    op: Operation
    given: Any
    client_number: str
    about: ClientRecord | ContractRecord
    today: date
    terms: dict[str, Any]
    errors: list[UserError] = field(default_factory=list)

    @property
    def contract(self) -> ContractRecord:
        """The contract, for a kind that is about one."""
        assert isinstance(self.about, ContractRecord)  # noqa: S101 - its Kind says so
        return self.about

    def require(self, holds: bool, rule: str, *path: str) -> None:
        """Notes that a field breaks a rule, unless it holds."""
        if not holds:
            message = f"'{'.'.join(path)}' {rule}."
            self.errors.append(InvalidInput(message=message, path=("input", *path)))

    def missing(self, *path: str) -> None:
        """Notes that what a field names is not there to be seen."""
        message = f"'{'.'.join(path)}' names nothing that you may see."
        self.errors.append(NotFound(message=message, path=("input", *path)))

    def text(self, value: str, most: int, *path: str) -> str:
        """A text without the spaces around it, of 1 to `most` characters."""
        text = value.strip()
        self.require(1 <= len(text) <= most, f"must hold 1 to {most} characters", *path)
        return text

    def known(self, value: Enum, *path: str) -> None:
        """UNKNOWN is what the back office may say, never what a caller may ask for."""
        self.require(value.name != "UNKNOWN", "must not be UNKNOWN", *path)


@dataclass(frozen=True)
class Kind:
    """A kind of request: what it is about, and how its details are made and checked.

    `details` answers even where it notes errors, so that a repeated submission can be compared to the first.
    """

    code: RequestKind
    subject: Subject
    details: Callable[[Case], Awaitable[msgspec.Struct]]
