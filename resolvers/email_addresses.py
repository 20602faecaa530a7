"""Mail addresses that callers give."""


def email_address(text: str) -> str | None:
    """The address as mail servers take it (RFC 5321, in ASCII), without spaces around it; else None."""
    from email_validator import EmailNotValidError, validate_email  # here, as `resolvers.identifiers` says

    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return None
    return found.ascii_email
