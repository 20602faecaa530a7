"""The named cases: clients with fixed numbers, the first rows of a database of any size."""

from collections.abc import Callable
from typing import NamedTuple

from sandbox.data.billing import LATE, PROMPT, Billing
from sandbox.data.calendar import day_in, iso, month_of
from sandbox.data.clients import write_client
from sandbox.data.contracts import Contract
from sandbox.data.generation import Generation
from sandbox.data.ledger import GROSS, IN_DUNNING, NET, TRANSIT_AMOUNT, TRANSIT_ON, Row
from sandbox.data.names import Company, Person

DAY = 10
FLEET_CONTRACTS = 150


class NamedClient(NamedTuple):
    """A client made for one thing worth showing."""

    number: int
    label: str
    write: "Callable[[Case], None]"
    company: Company
    owner: Person
    group: tuple[int, ...] = ()


class Case:
    """Writes one client's objects, relative to today."""

    def __init__(self, generation: Generation, client: int) -> None:
        """For the client with that number."""
        self.generation, self.client = generation, client
        self.ledger, self.today = generation.ledger, generation.today
        self.billing = Billing(generation.ledger, generation.random, generation.today)

    def started(self, months: int) -> int:
        """The month in which a contract started whose instalment no. `months` was the last to fall due."""
        month = month_of(self.today)
        if day_in(month, DAY) > self.today - 2:
            month -= 1
        return month - months

    def contract(self, last: int, paid: bool = True, **terms: object) -> Contract:
        """A contract billed up to instalment `last`, all paid on time if `paid`."""
        values: dict[str, object] = {
            "client": self.client, "value": 100_000_00, "term": 35, "month": self.started(last), "day": DAY,
        } | terms  # fmt: skip
        contract = Contract(**values)  # type: ignore[arg-type]
        rows = self.generation.write_contract(contract)
        self.billing.bill(contract, rows, min(last, contract.term), PROMPT if paid else LATE)
        return contract

    def fee(
        self,
        contract: Contract,
        net: int,
        issued: int,
        due: int,
        kind: str = "SERVICE_FEE",
        rate: int = 2_300,
    ) -> Row:
        """An invoice by hand: issued and due so many days from today."""
        today = self.today
        return self.ledger.invoice(
            self.client, contract.id, kind, today + issued, today + due, net, rate, contract.currency
        )


def worked(case: Case) -> None:
    """The worked numbers: open 3305.00, overdue 1460.00, unallocated 77.00, receivable 3228.00."""
    first = case.contract(12, rates=((1, 720), (13, 645)), margin=210)
    second = case.contract(20, value=64_000_00, term=48, residual=640_00, rates=((1, 790),))
    case.ledger.pay(case.fee(first, 2_000_00, -40, -26, "INSURANCE"), case.today - 20, 1_000_00)
    corrected = case.fee(first, 2_000_00, -4, 10)
    case.ledger.correct(corrected, case.today - 2, -500_00, "Korekta opłaty za obsługę")
    case.ledger.pay(case.fee(second, 100_00, -60, -46), case.today - 48, 200_00)


def currencies(case: Case) -> None:
    """Contracts in EUR and one in PLN."""
    euro = case.contract(
        8, value=42_000_00, currency="EUR", term=36, residual=420_00, rates=((1, 512),), margin=230
    )
    case.contract(3, value=27_500_00, currency="EUR", term=24, residual=275_00, rates=((1, 498),))
    zloty = case.contract(15, value=88_000_00, term=36, residual=880_00)
    case.fee(euro, 350_00, -10, 4)
    case.fee(zloty, 900_00, -30, -16)


def corrections(case: Case) -> None:
    """One corrected and one fully reversed invoice, and one reversed after it had been paid."""
    contract = case.contract(10)
    case.ledger.correct(
        case.fee(contract, 1_200_00, -20, 6), case.today - 8, -300_00, "Zmiana zakresu usługi"
    )
    reversed_invoice = case.fee(contract, 800_00, -25, -11)
    case.ledger.correct(reversed_invoice, case.today - 15, -800_00, "Faktura wystawiona omyłkowo")
    paid = case.fee(contract, 400_00, -70, -56)
    payment = case.ledger.pay(paid, case.today - 60)
    case.ledger.allocate(paid, "REVERSAL", -paid[GROSS], case.today - 50, payment)
    case.ledger.correct(paid, case.today - 50, -paid[NET], "Zwrot opłaty")


def overpayments(case: Case) -> None:
    """More unallocated credit than is open; an older overpayment settled part of an invoice."""
    contract = case.contract(18, value=56_000_00, term=36, residual=560_00)
    payment = case.ledger.pay(case.fee(contract, 500_00, -50, -36), case.today - 40, 5_000_00)
    partly = case.fee(contract, 1_000_00, -12, 2)
    case.ledger.allocate(partly, "OVERPAYMENT", 300_00, case.today - 11, payment)
    case.ledger.allocate(partly, "COMPENSATION", 50_00, case.today - 10)


def late(case: Case) -> None:
    """Several overdue invoices in dunning and an interest note."""
    contract = case.contract(9, value=240_000_00, term=48, residual=2_400_00)
    for issued, due in ((-95, -81), (-65, -51), (-35, -21)):
        case.fee(contract, 1_750_00, issued, due)[IN_DUNNING] = 1
    note = case.fee(contract, 86_40, -12, -5, "INTEREST_NOTE", 0)
    case.ledger.pay(note, case.today - 3, 20_00)


def in_transit(case: Case) -> None:
    """A payment booked at the bank yesterday and not yet posted."""
    contract = case.contract(6, value=75_000_00, term=36, residual=750_00)
    invoice = case.fee(contract, 1_500_00, -15, -1)
    invoice[TRANSIT_ON], invoice[TRANSIT_AMOUNT] = iso(case.today - 1), invoice[GROSS]


def revised(case: Case) -> None:
    """A floating rate with four versions of its schedule."""
    case.contract(
        30, value=320_000_00, term=60, residual=3_200_00, margin=185,
        rates=((1, 825), (7, 790), (13, 720), (25, 645)),
        reasons=("INDEX_REVISION", "INDEX_REVISION", "ANNEX"), reset="SEMI_ANNUAL",
    )  # fmt: skip


def fleet(case: Case) -> None:
    """More than 5 000 invoices."""
    for number in range(FLEET_CONTRACTS):
        case.contract(33 + number % 3, value=90_000_00 + number * 1_000_00, term=48, residual=900_00)
        case.ledger.flush(5_000)
    late_contract = case.contract(2, value=150_000_00, term=36)
    case.fee(late_contract, 640_00, -30, -16)


def malformed(case: Case) -> None:
    """One record of the legacy system is broken: issued on no day, with a net that is no number."""
    contract = case.contract(7)
    invoice = case.fee(contract, 123_00, -200, -186)
    case.ledger.pay(invoice, case.today - 190)
    invoice[5], invoice[NET] = "00.00.0000", "n/a"


def parent(case: Case) -> None:
    """The head of a group; its account sees all three clients."""
    case.contract(11, value=180_000_00, term=36)


def subsidiary(case: Case) -> None:
    """A member of the group."""
    case.fee(case.contract(5, value=60_000_00, term=24), 240_00, -6, 8)


def brand_new(_case: Case) -> None:
    """A client without contracts."""


def ended(case: Case) -> None:
    """Contracts that are over."""
    for status, term, last, since in (
        ("COMPLETED", 24, 24, 5), ("BOUGHT_OUT", 24, 24, 14), ("TERMINATED_EARLY", 36, 19, 7),
        ("TERMINATED_FOR_CAUSE", 36, 8, 22), ("ASSIGNED", 36, 12, 3),
    ):  # fmt: skip
        case.contract(last, term=term, month=case.started(last + since), status=status)


def polish(case: Case) -> None:
    """Polish letters everywhere."""
    case.fee(case.contract(4, value=99_900_00, term=36), 199_99, -5, 9)


ŁÓDŹ = Company('Przedsiębiorstwo Handlowo-Usługowe "Żółta Łódź" Sp. z o.o.', "Sp. z o.o.")
NAMED = (
    NamedClient(
        10_001,
        "Worked numbers: part paid, corrected, overpaid",
        worked,
        Company("Stolarnia Dębowa Sp. z o.o.", "Sp. z o.o."),
        Person("Anna", "Dębska"),
    ),
    NamedClient(
        10_002,
        "Contracts in EUR and PLN",
        currencies,
        Company("Eurotransfer Logistyka S.A.", "S.A."),
        Person("Jerzy", "Żak"),
    ),
    NamedClient(
        10_003,
        "Corrected and fully reversed invoices",
        corrections,
        Company("Drukarnia Kałamarz Sp.j.", "Sp.j."),
        Person("Łucja", "Sęk"),
    ),
    NamedClient(
        10_004,
        "Overpaid: more credit than is open",
        overpayments,
        Company("Nadpłata Handel Sp. z o.o.", "Sp. z o.o."),
        Person("Kazimierz", "Gąska"),
    ),
    NamedClient(
        10_005,
        "Late payer in dunning, with an interest note",
        late,
        Company("Spóźniony Transport Sp. z o.o.", "Sp. z o.o."),
        Person("Marcin", "Późny"),
    ),
    NamedClient(
        10_006,
        "A payment in transit",
        in_transit,
        Company("Przelew Serwis Sp.k.", "Sp.k."),
        Person("Elżbieta", "Król"),
    ),
    NamedClient(
        10_007,
        "Floating rate, four schedule versions",
        revised,
        Company("Zmienna Stopa Budownictwo S.A.", "S.A."),
        Person("Stanisław", "Wójcik"),
    ),
    NamedClient(
        10_008,
        "A fleet: more than 5 000 invoices",
        fleet,
        Company("Flota Tysiąclecia S.A.", "S.A."),
        Person("Żaneta", "Jabłońska"),
    ),
    NamedClient(
        10_009,
        "One malformed legacy invoice",
        malformed,
        Company("Archiwum Zakurzone Sp. z o.o.", "Sp. z o.o."),
        Person("Józef", "Ćwik"),
    ),
    NamedClient(
        10_010,
        "Head of a group: one account, three clients",
        parent,
        Company("Grupa Trzy Dęby S.A.", "S.A."),
        Person("Zofia", "Dąbrowska"),
        (10_011, 10_012),
    ),
    NamedClient(
        10_011,
        "Member of the group",
        subsidiary,
        Company("Trzy Dęby Transport Sp. z o.o.", "Sp. z o.o."),
        Person("Rafał", "Śliwiński"),
    ),
    NamedClient(
        10_012,
        "Member of the group",
        subsidiary,
        Company("Trzy Dęby Budowa Sp. z o.o.", "Sp. z o.o."),
        Person("Bożena", "Piątek"),
    ),
    NamedClient(
        10_013,
        "Brand-new: no contracts yet",
        brand_new,
        Company("Świeży Start Sp. z o.o.", "Sp. z o.o."),
        Person("Michał", "Nowy"),
    ),
    NamedClient(
        10_014,
        "Contracts that have ended",
        ended,
        Company("Po Umowie Sp. z o.o.", "Sp. z o.o."),
        Person("Grzegorz", "Zając"),
    ),
    NamedClient(
        10_015,
        "Polish letters, quotes, a double-barrelled name",
        polish,
        ŁÓDŹ,
        Person("Małgorzata", "Kowalska-Wiśniewska"),
    ),
)


def write_named(generation: Generation) -> None:
    """Write every named client, in order, so that ids are the same in all sizes."""
    for named in NAMED:
        write_client(
            generation.database, generation.random, named.number, named.company, named.owner, named.group
        )
        named.write(Case(generation, named.number))
    generation.ledger.flush()
