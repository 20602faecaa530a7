"""How a call fails. What caused it is chained, and named for the log."""


class Http1Error(Exception):
    """There is no answer."""


class NotConnected(Http1Error):
    """There was no connection, or it ended in time: nothing of the request was sent."""


class BrokenOff(Http1Error):
    """The connection ended before the answer did, or what came isn't HTTP/1.1."""


class Unreadable(Http1Error):
    """The answer is larger than it may be, or packed in a way that can't be unpacked."""
