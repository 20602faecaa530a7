"""The ERP Tryton, spoken to through its own REST: clients, the books, and its changes.

Tryton is a process of its own, under the GPL; nothing of it is imported here.
"""

from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.erp import TrytonErp
from connectors.erp.tryton.service import company_headers

__all__ = ["Choices", "TrytonErp", "company_headers"]
