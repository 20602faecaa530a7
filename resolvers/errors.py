"""What a caller can mend."""


class InputError(Exception):
    """An argument breaks a rule. `argument` is its name with the path inside (`filter.issuedFrom`)."""

    code = "BAD_USER_INPUT"

    def __init__(self, argument: str, rule: str) -> None:
        super().__init__(f"Argument '{argument}' {rule}")
        self.argument = argument
