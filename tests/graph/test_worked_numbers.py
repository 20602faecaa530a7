"""The worked numbers of the domain, to the grosz, through the public door."""

from collections.abc import Callable
from decimal import Decimal

from harness.person import Person

QUERY = """
query Worked {
  viewer { user { login } clients { nodes {
    number
    balances { currency open { amount } overdue { amount } unallocatedCredit { amount } net { amount } }
    contracts { nodes {
      number
      invoices(first: 100) { totalCount nodes {
        number kind dueDate gross { amount currency } settledAmount { amount } amountDue { amount } status
        isPartiallySettled flags overdueDays
        allocations { kind amount { amount } }
        documents { kind fileName size }
      } }
      schedule { version }
      schedules { version reason totals { capital { amount } interest { amount } }
        instalments { number kind net { amount } capital { amount } interest { amount } vat { amount }
          gross { amount } outstandingCapitalAfter { amount } status invoice { number } } }
    } }
    correspondence { totalCount nodes { subject } }
  } } }
}
"""


def test_everything_in_one_query(logged_in: Callable[[str], Person]) -> None:
    data = logged_in("0010001").data(QUERY)
    (client,) = data["viewer"]["clients"]["nodes"]
    assert client["balances"] == [
        {
            "currency": "PLN",
            "open": {"amount": "3305.00"},
            "overdue": {"amount": "1460.00"},
            "unallocatedCredit": {"amount": "77.00"},
            "net": {"amount": "3228.00"},
        }
    ]
    invoices = [invoice for contract in client["contracts"]["nodes"] for invoice in contract["invoices"]["nodes"]]
    due = {i["gross"]["amount"]: i for i in invoices if Decimal(i["amountDue"]["amount"]) > 0}
    assert len([i for i in invoices if Decimal(i["amountDue"]["amount"]) > 0]) == 2
    assert due
    print(client)
