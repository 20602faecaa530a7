"""InsurancePolicy: how what is leased is insured."""

from datetime import date

import strawberry

from connectors.erp.records.policy import PolicyKind
from resolvers.documents import document_of_policy
from schema.document import Document
from schema.fields import described, enum, money, related
from schema.money import Money
from schema.node import Node, Source, sourced

enum(
    PolicyKind,
    "What a policy covers.",
    {
        "MOTOR_LIABILITY": "Liability of a vehicle's keeper (OC).",
        "MOTOR_OWN_DAMAGE": "Damage to and theft of a vehicle (AC).",
        "PROPERTY": "Damage to and theft of other equipment.",
    },
)


@strawberry.type(description="An insurance policy of a contract.")
class InsurancePolicy(Node):
    number: str = described("The insurer's number.")
    insurer: str = described("Name of the insurer.")
    kind: PolicyKind = described("What it covers.")
    valid_from: date = described("Its first day.")
    valid_to: date = described("Its last day.")
    sum_insured: Money = money("sum_insured", "The most that the insurer pays.")
    territory: list[str] = described("Where it holds: countries, as two letters of ISO 3166-1.")
    premium: Money = money("premium", "What the cover costs for its whole time.")
    document: Document | None = related(document_of_policy, "The policy itself, to read and print.")
    source: Source = sourced("contracts")
