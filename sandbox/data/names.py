"""Fictional companies, people, addresses and things that are leased."""

from random import Random
from typing import NamedTuple

import msgspec

STEMS = tuple(
    f"{first}{second}"
    for first in ("Trans", "Bud", "Agro", "Med", "Inst", "Auto", "Eko", "Drew", "Met", "Log", "Żuraw", "Świt")
    for second in ("pol", "serwis", "system", "invest", "tech", "plus", "expert", "kom", "mar", "bis", "łąk")
)
TRADES = (
    "Przedsiębiorstwo Handlowo-Usługowe", "Zakład Produkcyjny", "Biuro Rachunkowe", "Hurtownia",
    "Usługi Transportowe", "Gabinet Lekarski", "Pracownia Projektowa", "Piekarnia", "Gospodarstwo Ogrodnicze",
)  # fmt: skip
LEGAL_FORMS = ("Sp. z o.o.", "Sp. z o.o.", "Sp. z o.o.", "S.A.", "Sp.k.", "Sp.j.")
SOLE_TRADER = "jednoosobowa działalność gospodarcza"
WOMEN = (
    "Małgorzata",
    "Łucja",
    "Agnieszka",
    "Bożena",
    "Żaneta",
    "Katarzyna",
    "Świętosława",
    "Zofia",
    "Aniela",
)
MEN = ("Łukasz", "Paweł", "Grzegorz", "Józef", "Michał", "Rafał", "Stanisław", "Wojciech", "Kazimierz")
SURNAMES = (
    ("Wiśniewska", "Wiśniewski"), ("Dąbrowska", "Dąbrowski"), ("Wójcik", "Wójcik"), ("Źrebiec", "Źrebiec"),
    ("Gołębiowska", "Gołębiowski"), ("Zając", "Zając"), ("Król", "Król"), ("Jabłońska", "Jabłoński"),
    ("Piątek", "Piątek"), ("Śliwińska", "Śliwiński"), ("Kozłowska", "Kozłowski"), ("Ćwik", "Ćwik"),
)  # fmt: skip
STREETS = (
    "Długa",
    "Łąkowa",
    "Świętokrzyska",
    "Polna",
    "Żeromskiego",
    "Kościuszki",
    "Źródlana",
    "Ogrodowa",
    "Przemysłowa",
)
CITIES = (
    ("Warszawa", "00"), ("Kraków", "30"), ("Łódź", "90"), ("Wrocław", "50"), ("Poznań", "60"),
    ("Gdańsk", "80"),
    ("Białystok", "15"), ("Rzeszów", "35"), ("Zielona Góra", "65"), ("Świnoujście", "72"), ("Żywiec", "34"),
)  # fmt: skip
VEHICLES = (
    ("Skoda", "Octavia", "TMB", 110_000_00), ("Toyota", "Corolla", "SB1", 118_000_00),
    ("Volvo", "FH 500", "YV2", 520_000_00),
    ("Ford", "Transit", "WF0", 165_000_00), ("Kia", "Ceed", "U5Y", 95_000_00),
    ("MAN", "TGX", "WMA", 480_000_00),
    ("Renault", "Master", "VF1", 152_000_00), ("Mercedes-Benz", "Sprinter", "W1V", 189_000_00),
)  # fmt: skip
EQUIPMENT = (
    ("Wózek widłowy", "Jungheinrich", "EFG 216", 98_000_00), ("Tokarka CNC", "Haas", "ST-20", 320_000_00),
    ("Koparka", "JCB", "3CX", 410_000_00), ("Aparat USG", "Samsung Medison", "HS40", 130_000_00),
    ("Serwer", "Dell", "PowerEdge R760", 64_000_00), ("Linia pakująca", "Multivac", "T 300", 240_000_00),
)  # fmt: skip


class Person(NamedTuple):
    """First name and surname in matching gender."""

    first_name: str
    surname: str


class Company(NamedTuple):
    """Registered name and legal form."""

    name: str
    legal_form: str


def new_person(random: Random) -> Person:
    """Some one-tenth bear a double-barrelled surname."""
    woman = random.random() < 0.5
    surname = random.choice(SURNAMES)[0 if woman else 1]
    if woman and random.random() < 0.2:
        surname = f"{random.choice(SURNAMES)[0]}-{surname}"
    return Person(random.choice(WOMEN if woman else MEN), surname)


def new_company(random: Random, owner: Person) -> Company:
    """A company's name; sole traders carry their owner's."""
    draw = random.random()
    if draw < 0.25:
        return Company(f"{random.choice(TRADES)} {owner.first_name} {owner.surname}", SOLE_TRADER)
    form = random.choice(LEGAL_FORMS)
    stem = random.choice(STEMS)
    return Company(f'{random.choice(TRADES)} "{stem}" {form}' if draw < 0.5 else f"{stem} {form}", form)


def new_address(random: Random) -> str:
    """An address as JSON."""
    city, prefix = random.choice(CITIES)
    return encode(
        {
            "street": random.choice(STREETS),
            "building": f"{random.randint(1, 180)}{random.choice(('', '', '', 'A', 'B'))}",
            "unit": str(random.randint(1, 60)) if random.random() < 0.4 else None,
            "postalCode": f"{prefix}-{random.randint(1, 999):03d}",
            "city": city,
            "country": "PL",
        }
    )


def encode(value: object) -> str:
    """JSON text, as the database keeps it."""
    return msgspec.json.encode(value).decode()
