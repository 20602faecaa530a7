"""The columns of the back office's records that the queries need."""

from typing import Generic, TypeVar

import msgspec

R = TypeVar("R")


class Record(msgspec.Struct, rename="camel", gc=False):
    """Decodes quickly: other columns are skipped."""


class Client(Record):
    number: str
    name: str


class Contract(Record):
    id: str
    number: str
    status: str


class Invoice(Record):
    id: str
    number: str
    issue_date: str
    due_date: str
    currency: str
    gross: str
    amount_due: str
    settled_amount: str
    state: str
    as_of: str


class Allocation(Record):
    kind: str
    amount: str
    booked_on: str


class Schedule(Record):
    id: str
    version: int


class Instalment(Record):
    number: int
    due_date: str
    capital: str
    interest: str
    gross: str
    outstanding_capital_after: str
    status: str


class Page(Record, Generic[R]):
    items: list[R]


class Results(Record, Generic[R]):
    results: list[R]
