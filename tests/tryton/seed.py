# mypy: ignore-errors
"""Fills a fresh Tryton database with the books of a fictional leasing company, by Tryton's own means.

Run by the Python of Tryton's virtual environment, with its configuration, the name of the database, and the
numbers of two contracts; its last line is two keys of user applications, of the gateway and of a user without
any right. All dates are fixed, so
that a filled database can be kept.
"""

import datetime as dt
import sys
from decimal import Decimal

from proteus import Model, Wizard, config

configuration = config.set_trytond(database=sys.argv[2], config_file=sys.argv[1])

from trytond.modules.account.tests.tools import (  # noqa: E402
    create_chart,
    create_fiscalyear,
    create_tax,
    get_accounts,
)  # fmt: skip
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences  # noqa: E402
from trytond.modules.company.tests.tools import create_company, get_company  # noqa: E402
from trytond.pool import Pool  # noqa: E402

MANY = 30
NEVER = dt.date(2099, 12, 17)
"""From which a term of 14 days ends so late that nothing is overdue as long as these tests run."""

# Nobody is there to confirm that dates lie in the past.
Pool(sys.argv[2]).get("res.user.warning").check = staticmethod(lambda _: False)


def day(text):
    return dt.date.fromisoformat(text)


def proxy(name):
    return configuration.get_proxy(name)


# The company and its chart of accounts
Currency, Party = Model.get("currency.currency"), Model.get("party.party")
zloty = Currency(
    name="Złoty", symbol="zł", code="PLN", numeric_code="985", rounding=Decimal("0.01"), digits=2
)
zloty.rates.new(date=day("2026-01-01"), rate=Decimal(1))
zloty.save()
euro = Currency(name="Euro", symbol="€", code="EUR", numeric_code="978", rounding=Decimal("0.01"), digits=2)
euro.rates.new(date=day("2026-01-01"), rate=Decimal("0.25"))
euro.save()
poland = Model.get("country.country")(name="Polska", code="PL", code3="POL", code_numeric="616")
poland.save()
lessor = Party(name="Przykładowy Leasing S.A.")
lessor.identifiers.new(type="pl_vat", code="5260001246")
lessor.save()
create_company(party=lessor, currency=zloty)
company = get_company()
context = configuration._context
context["company"] = company.id
create_chart(company)
year = set_fiscalyear_invoice_sequences(
    create_fiscalyear(company, today=(day("2026-01-01"), day("2026-12-31")))
)
year.click("create_period")
sequence = year.invoice_sequences[0].out_invoice_sequence
sequence.prefix = "FV/${year}/"
sequence.save()
accounts = get_accounts(company)
vat = create_tax(Decimal("0.23"), company)
vat.save()
exempt = create_tax(Decimal(0), company)
exempt.save()
Journal, Tax, Line = Model.get("account.journal"), Model.get("account.tax"), Model.get("account.move.line")
(cash,) = Journal.find([("type", "=", "cash")])
Method = Model.get("account.invoice.payment.method")
transfer = Method(
    name="Przelew", journal=cash, credit_account=accounts["cash"], debit_account=accounts["cash"]
)
transfer.save()
Term = Model.get("account.invoice.payment_term")
term = Term(name="14 dni")
term.lines.new(type="remainder").relativedeltas.new(days=14)
term.save()
Category, Template = Model.get("product.category"), Model.get("product.template")
Unit = Model.get("product.uom")
(unit,) = Unit.find([("name", "=", "Unit")])
category = Category(name="Opłaty", accounting=True, account_revenue=accounts["revenue"])
category.customer_taxes.append(Tax(vat.id))
category.save()


def product(code, name):
    made = Template(name=name, default_uom=unit, type="service", list_price=Decimal(0))
    made.account_category = category
    (variant,) = made.products
    variant.suffix_code = code
    made.save()
    return made.products[0]


instalment, fee = product("RATA", "Rata leasingowa"), product("OPLATA", "Opłata manipulacyjna")


# Clients
def client(number, name, nip=None, email=None, **identifiers):
    kinds = {"pl_vat": nip, "pl_regon": identifiers.get("regon"), None: identifiers.get("krs")}
    (made,) = proxy("party.party").create([{
        "name": name, "code": number,
        "identifiers": [("create", [{"type": kind, "code": code} for kind, code in kinds.items() if code])],
        "addresses": [("create", [{
            "street_name": "Testowa", "building_number": "1", "postal_code": "00-001", "city": "Warszawa",
            "country": poland.id,
        }])],
        "contact_mechanisms": [("create", [{"type": "email", "value": email}] if email else [])],
    }], context)  # fmt: skip
    return Party(made)


worked = client(
    "0010001",
    "Budowlanka Kowalski Sp. z o.o.",
    "5260250274",
    "efaktury@example.com",
    regon="010778878",
    krs="KRS 0000127062",
)
set_off = client("0010002", "Nadpłata i Korekta S.A.", "7740001454", "ksiegowosc@example.com")
foreign = client("0010003", "Eurohandel Sp. z o.o.", "5272525995")
busy = client("0010004", "Wiele Faktur S.A.")
silent = client("0010005", "Bez Faktur Sp. z o.o.")
payer = client("0010006", "Wpłaty w Trakcie Sp. z o.o.")

Invoice = Model.get("account.invoice")


def invoice(
    party, net, reference, issued, description, *, quantity=1, base=None, item=None, money=None, tax=vat
):
    made = Invoice(type="out", party=party, payment_term=term)
    made.invoice_date, made.reference = day(issued), reference
    if base:
        made.payment_term_date = base
    if money:
        made.currency = money
    line = made.lines.new()
    if item:
        line.product = item
    line.account, line.quantity, line.unit_price = accounts["revenue"], quantity, Decimal(net)
    line.description = description
    while line.taxes:
        line.taxes.pop()
    line.taxes.append(Tax(tax.id))
    made.save()
    made.click("post")
    return made


def pay(made, amount, kind, paid):
    wizard = made.click("pay")
    wizard.form.amount, wizard.form.payment_method = Decimal(amount), transfer
    wizard.form.date = day(paid)
    wizard.execute("choice")
    if wizard.state != "end":
        wizard.form.type = kind
        if kind == "overpayment":
            for line in list(wizard.form.lines_to_pay):
                if line.id not in {each.id for each in wizard.form.lines}:
                    wizard.form.lines.append(Line(line.id))
        wizard.execute("pay")
    made.reload()


def receivable(move):
    return [line for line in move.lines if line.account.type.receivable]


def attach(made, line):
    made.reload()
    made.payment_lines.append(Line(line.id))
    made.save()


def credit_note(made, net, issued, reason):
    """As Tryton's own wizard makes it, and for a part of the amount."""
    wizard = Wizard("account.invoice.credit", [made])
    wizard.form.with_refund = False
    wizard.form.invoice_date = day(issued)
    wizard.execute("credit")
    (note,) = wizard.actions[0]
    note.invoice_date, note.description = day(issued), reason
    (line,) = note.lines
    line.quantity, line.unit_price = -1, Decimal(net)
    note.save()
    note.click("post")
    (credit,) = receivable(note.move)
    attach(made, credit)
    return note


# A number goes only to an invoice that is no older than the one before it: by date, then.

# 0010004: many invoices, made and posted at once
(address,) = busy.addresses
template = {
    "type": "out", "party": busy.id, "invoice_address": address.id, "company": company.id,
    "currency": zloty.id, "account": accounts["receivable"].id,
    "journal": Journal.find([("type", "=", "revenue")])[0].id,
    "payment_term": term.id, "payment_term_date": NEVER,
}  # fmt: skip
ids = proxy("account.invoice").create(
    [
        template | {
            "reference": f"UM/{1000 + n % 3}",
            "invoice_date": day("2026-01-01") + dt.timedelta(days=n // 2),  # two a day
            "lines": [("create", [{
                "type": "line", "description": f"Rata {n}", "account": accounts["revenue"].id, "quantity": 1,
                "unit_price": Decimal(100 + n), "currency": zloty.id, "company": company.id,
                "taxes": [("add", [vat.id])],
            }])],
        }
        for n in range(MANY)
    ],
    context,
)  # fmt: skip
proxy("account.invoice").post(ids, context)

# 0010001: the worked numbers: due 1460.00 (overdue), 1845.00 and 0 with 77.00 too much; 3228.00 in all.
# 0010002: an invoice with a correction and an overpayment in it, one paid to the grosz, one reversed.
# 0010003: in euro, part-paid, and one in złoty.
first_contract, second_contract = sys.argv[3:5]

generous = invoice(set_off, "100.00", "UM/0002", "2026-09-01", "Opłata", item=fee)
pay(generous, "200.00", "overpayment", "2026-09-10")
settled = invoice(set_off, "300.00", "UM/0002", "2026-09-15", "Rata 0/24", item=instalment)
pay(settled, "369.00", None, "2026-09-20")
overpaid = invoice(worked, "100.00", second_contract, "2026-09-23", "Opłata manipulacyjna", item=fee)
pay(overpaid, "200.00", "overpayment", "2026-10-05")
both = invoice(set_off, "1000.00", "UM/0002", "2026-10-01", "Rata 1/24", item=instalment)
credit_note(both, "200.00", "2026-10-05", "Rabat")
(rest,) = [
    line for line in Line.find([("party", "=", set_off.id), ("reconciliation", "=", None)])
    if line.account.type.receivable and line.credit == Decimal("77.00")
]  # fmt: skip
attach(both, rest)
reversed_one = invoice(set_off, "400.00", "UM/0002", "2026-10-10", "Omyłka", base=NEVER)
credit_note(reversed_one, "400.00", "2026-10-12", "Faktura wystawiona omyłkowo")
part_paid = invoice(worked, "2000.00", first_contract, "2026-10-13", "Rata 5/36", item=instalment)
pay(part_paid, "1000.00", "partial", "2026-11-02")
in_euro = invoice(foreign, "1000.00", "UM/0003", "2026-10-20", "Leasing rate 1/36", money=euro)
pay(in_euro, "230.00", "partial", "2026-10-30")
invoice(foreign, "10.00", "UM/0003", "2026-10-21", "Opłata", tax=exempt, base=NEVER)
corrected = invoice(worked, "2000.00", first_contract, "2026-11-18", "Rata 6/36", base=NEVER, item=instalment)
credit_note(corrected, "500.00", "2026-11-20", "Zmiana zakresu usługi")
invoice(payer, "100.00", "UM/0006", "2026-11-20", "Opłata", item=fee)  # tests pay it
Invoice(type="out", party=set_off, payment_term=term).save()  # a draft, which is nobody's business

# Reminders
Procedure, Dunning = Model.get("account.dunning.procedure"), Model.get("account.dunning")
procedure = Procedure(name="Upomnienia")
procedure.levels.new(overdue=dt.timedelta(days=5))
procedure.levels.new(overdue=dt.timedelta(days=30))
procedure.save()
worked.dunning_procedure = procedure
worked.save()
create = Wizard("account.dunning.create")
create.form.date = day("2026-11-10")
create.execute("create_")
process = Wizard("account.dunning.process", Dunning.find([]))
process.execute("process")

# Who may read it all: not the administrator, but a user of the accounting groups
User, Group, Application = Model.get("res.user"), Model.get("res.group"), Model.get("res.user.application")
keys = []
for login, groups in (("leasegraph", ["Accounting", "Dunning"]), ("nobody", [])):
    user = User(name=login, login=login)
    user.companies.append(company.__class__(company.id))
    user.company = company
    for group in Group.find([("name", "in", groups)]):
        user.groups.append(group)
    user.save()
    application = Application(user=user, application="rest")
    application.save()
    keys.append(application.key)
print(*keys)  # noqa: T201
