"""What is leased."""

from typing import Any

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from connectors.erp.records.contract import Asset as AssetRecord
from connectors.erp.records.contract import AssetType
from schema.fields import described


@strawberry.interface(description="A leased thing.")
class Asset:
    name: str = described("What to call it.")
    manufacturer: str | None = described("Who made it.")
    model: str | None = described("Model of the manufacturer.")
    year: int | None = described("Year of make.")

    @classmethod
    def resolve_type(
        cls, asset: AssetRecord, _info: GraphQLResolveInfo[Any], _type: GraphQLAbstractType
    ) -> str:
        """Whatever is not a vehicle is equipment."""
        return "Vehicle" if asset.type is AssetType.VEHICLE else "Equipment"

    @classmethod
    def is_type_of(cls, _asset: Any, _info: GraphQLResolveInfo[Any]) -> bool:
        """`resolve_type` has said it already."""
        return True


@strawberry.type(description="A leased vehicle.")
class Vehicle(Asset):
    vin: str | None = described("Vehicle identification number: 17 characters, without I, O and Q.")
    registration_number: str | None = described("Registration number.")
    mileage: int | None = described("Mileage in kilometres.")


@strawberry.type(description="A leased machine or other equipment.")
class Equipment(Asset):
    serial_number: str | None = described("Serial number of the manufacturer.")
    location: str | None = described("Where it stands.")
