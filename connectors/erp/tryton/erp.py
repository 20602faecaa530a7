"""What Tryton has of an ERP: clients, the books, and a feed of changes."""

from connectors.erp.tryton.balances import Balances
from connectors.erp.tryton.changes import TrytonChanges
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.clients import TrytonClients
from connectors.erp.tryton.invoices import Invoices
from connectors.erp.tryton.payments import Payments
from connectors.erp.tryton.prints import Prints
from connectors.erp.tryton.service import Tryton
from connectors.http import UpstreamClient


class TrytonErp(TrytonClients, Invoices, Payments, Balances, Prints, TrytonChanges):
    """A ClientPort, a BooksPort and a ChangeFeed over one database."""

    def __init__(self, http: UpstreamClient, choices: Choices | None = None) -> None:
        chosen = choices or Choices()
        tryton = Tryton(http, chosen.company)
        self.system = http.system
        self.health = tryton.health
        TrytonClients.__init__(self, tryton, chosen)
        Invoices.__init__(self, tryton, chosen)
        Payments.__init__(self, tryton, chosen)
        Balances.__init__(self, tryton, self)
        Prints.__init__(self, tryton)
        TrytonChanges.__init__(self, tryton)
