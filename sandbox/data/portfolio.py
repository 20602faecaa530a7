"""The random clients of a size, with contracts, invoices and payments until its numbers are full."""

from typing import NamedTuple

from sandbox.data.billing import LATE, PROMPT, SLOW, Billing, Habit
from sandbox.data.calendar import ISO, month_of
from sandbox.data.clients import write_client
from sandbox.data.contracts import Contract
from sandbox.data.generation import Generation
from sandbox.data.names import EQUIPMENT, VEHICLES

FIRST_CLIENT = 20_001
MOST_INSTALMENTS = 59
FLOATING_RATES = (585, 610, 645, 672, 720, 748, 790)
TERMS = (24, 36, 36, 48, 60)
STATUSES = ("TERMINATED_EARLY", "TERMINATED_FOR_CAUSE", "ASSIGNED", "BOUGHT_OUT")


class Size(NamedTuple):
    """How many rows of a kind the database holds in all, named cases included."""

    clients: int
    contracts: int
    invoices: int


def write_portfolio(generation: Generation, size: Size) -> None:
    """Fill the database up to `size`."""
    ledger, writer = generation.ledger, generation.contracts
    random = generation.random
    clients = max(0, size.clients - generation.client_count)
    habits: list[Habit] = []
    for offset in range(clients):
        write_client(generation.database, random, FIRST_CLIENT + offset)
        habits.append(random.choices((PROMPT, SLOW, LATE), (75, 18, 7))[0])
    billing = Billing(ledger, random, generation.today, size.invoices)
    contract = None
    while writer.count < size.contracts:
        offset = random.randrange(min(20, clients)) if random.random() < 0.1 else random.randrange(clients)
        average = (size.invoices - ledger.invoice_count) / (size.contracts - writer.count)
        last = max(1, min(MOST_INSTALMENTS, round(average * random.uniform(0.2, 1.8) / 1.08 - 1)))
        contract = _contract(generation, FIRST_CLIENT + offset, last)
        billing.bill(contract, generation.write_contract(contract), min(last, contract.term), habits[offset])
        ledger.flush(20_000)
    while contract is not None and ledger.invoice_count < size.invoices:
        row = ledger.invoice(
            contract.client,
            contract.id,
            "SERVICE_FEE",
            generation.today - 40,
            generation.today - 26,
            150_00,
            2_300,
        )
        ledger.pay(row, generation.today - 27)
        ledger.flush(20_000)


def _contract(generation: Generation, client: int, last: int) -> Contract:
    random = generation.random
    day = random.randint(1, 28)
    term = random.choice(TERMS)
    status, ended = "ACTIVE", 0
    if last >= term:
        status, ended = random.choice(("COMPLETED", "BOUGHT_OUT")), last - term
    elif random.random() < 0.04:
        status, ended = random.choice(STATUSES), random.randint(1, 12)
    elif random.random() < 0.01:
        status = "SUSPENDED"
    newest = month_of(generation.today + 14)
    if day > int(ISO[generation.today + 14 - generation.first_day][8:]):
        newest -= 1
    floating = random.random() < 0.6
    euro = random.random() < 0.08
    price = random.choice(VEHICLES if random.random() < 0.8 else EQUIPMENT)[3]
    rates = [(1, random.choice(FLOATING_RATES))]
    if floating:
        rates += [
            (number, random.choice(FLOATING_RATES)) for number in (13, 25) if number <= min(last, term - 6)
        ]
    return Contract(
        client=client,
        value=(price // (4 if euro else 1)) * random.randint(80, 140) // 100,
        term=term,
        month=newest - min(last, term) - ended,
        day=day,
        kind=random.choices(("OPERATING_LEASE", "FINANCE_LEASE", "LOAN", "RENTAL"), (75, 8, 12, 5))[0],
        currency="EUR" if euro else "PLN",
        initial_percent=random.choice((0, 5, 10, 10, 20)),
        rates=tuple(rates),
        margin=random.choice((150, 185, 210)) if floating else None,
        reset=random.choice(("MONTHLY", "QUARTERLY", "SEMI_ANNUAL")),
        spread=12 if floating and random.random() < 0.05 else None,
        status=status,
    )
