"""UserError: what a user can mend, told as data."""

import strawberry


@strawberry.interface(description="Something in a mutation's input that the user can mend.")
class UserError:
    message: str = strawberry.field(description="What is wrong and which rule it breaks.")
    path: list[str] = strawberry.field(description="Where in the arguments, outermost first: `input`, field.")
