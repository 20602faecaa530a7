"""What is wrong with what a caller asks."""


class InputError(Exception):
    """An argument breaks a rule. `argument` is its name with the path inside (`filter.issuedFrom`)."""

    code = "BAD_USER_INPUT"

    def __init__(self, argument: str, rule: str) -> None:
        super().__init__(f"Argument '{argument}' {rule}")
        self.argument = argument


class Forbidden(Exception):
    """The viewer's role may not make this change."""

    code = "FORBIDDEN"

    def __init__(self, role: str, mutation: str) -> None:
        super().__init__(f"The role {role} may not do '{mutation}'.")
