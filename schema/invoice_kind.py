"""The enums of an invoice."""

from connectors.erp.records.invoice import InvoiceKind
from resolvers.settlement import InvoiceFlag, InvoiceStatus
from schema.fields import enum

enum(
    InvoiceKind,
    "What an invoice is for.",
    {
        "INSTALMENT": "A leasing instalment.",
        "INITIAL_FEE": "The initial fee.",
        "BUY_OUT": "The buy-out of the asset.",
        "SERVICE_FEE": "A service.",
        "INSURANCE": "Insurance.",
        "INTEREST_NOTE": "Interest for late payment.",
        "CORRECTION": "A correction of another invoice.",
        "ADVANCE": "An advance payment.",
    },
)
enum(
    InvoiceStatus,
    "Where an invoice stands: the first that holds.",
    {
        "CANCELLED": "Cancelled; nothing is due.",
        "PAID": "The ledger says that it is settled, at the latest 48 hours after the money was booked.",
        "OVERDUE": "Something is due and the due date has passed.",
        "PARTIALLY_SETTLED": "Something is due, less than the gross amount, and the due date has not passed.",
        "ISSUED": "None of the others: as a rule the whole amount is due, in time.",
    },
)
enum(
    InvoiceFlag,
    "What else holds for an invoice.",
    {
        "CORRECTED": "A correcting invoice changes it.",
        "FULLY_REVERSED": "A correcting invoice takes it back whole.",
        "IN_DUNNING": "A reminder was sent.",
        "PAYMENT_IN_TRANSIT": "Money is booked at the bank and not yet posted to the ledger.",
    },
)
