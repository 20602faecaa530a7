"""What the details of several kinds share."""

from connectors.record import Code


class PaperDelivery(Code):
    """How a paper reaches the client."""

    EMAIL = "EMAIL"
    POST = "POST"
    PORTAL = "PORTAL"
    UNKNOWN = "UNKNOWN"


class PaperLanguage(Code):
    """The language in which a paper is written."""

    PL = "PL"
    EN = "EN"
    DE = "DE"
    UNKNOWN = "UNKNOWN"
