"""What is asked: LARGE and SMALL, and what else the optional modes ask."""

from itertools import count

LARGE = """{ viewer { clients(first: 1) { nodes { number name contracts(first: 10) { nodes { number status
  invoices(first: 24) { nodes { number issueDate dueDate gross { amount currency } amountDue { amount } status
    allocations { kind amount { amount } bookedOn } } }
  schedule { version instalments { number dueDate capital { amount } interest { amount } gross { amount }
    outstandingCapitalAfter { amount } status } } } } } } } }"""

SMALL = """{ viewer { clients(first: 1) { nodes { invoices(first: 20) { nodes {
  number issueDate dueDate gross { amount currency } amountDue { amount } status } } } } } }"""

QUERIES = {"LARGE": LARGE, "SMALL": SMALL}
CALLS = {"LARGE": 6, "SMALL": 2}
"""Reads of the back office that each may cost, as each server has it: all keys of a level in one call."""

COLD = 6000
"""Half of so many documents no server can get through in a second."""
_numbers = count()


def cold() -> list[str]:
    """Documents by names that were never given before; what they ask is SMALL."""
    return [f"query Cold{next(_numbers)} {SMALL}" for _ in range(COLD)]


def varied() -> list[str]:
    """Documents that are often seen, each asking something else."""
    return [SMALL.replace("first: 20", f"first: {number}") for number in range(1, 41)]


def denied(foreign_client: str) -> str:
    """What a client asks about another client: found by nobody, and that must not be dear."""
    return f'{{ client(number: "{foreign_client}") {{ name }} }}'
