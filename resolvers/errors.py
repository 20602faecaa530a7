"""What is wrong with what a caller asks."""


class InputError(Exception):
    """An argument breaks a rule. `argument` is its name with the path inside (`filter.issuedFrom`)."""

    code = "BAD_USER_INPUT"

    def __init__(self, argument: str, rule: str) -> None:
        super().__init__(f"Argument '{argument}' {rule}")
        self.argument = argument


class Forbidden(Exception):
    """Who asks may not do this, whatever they name: their role, or what they are, does not allow it."""

    code = "FORBIDDEN"


class MissingScope(Forbidden):
    """An internal tool may not read this kind of thing without a scope that it was not given."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope '{scope}'.")
        self.scope = scope
