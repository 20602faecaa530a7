"""Paths under /sandbox/: faults, the wire log, the clock, data that change."""

import sqlite3
from functools import partial

import msgspec

from sandbox.app import App
from sandbox.calls import CallLog
from sandbox.clock import Clock
from sandbox.erp.accounts import change_account
from sandbox.erp.bookings import Bookings
from sandbox.erp.fees import change_fee
from sandbox.erp.reads import Reader, valid_day
from sandbox.erp.request_steps import RequestSteps
from sandbox.exchange import Answer, Request, decode, encoded, invalid
from sandbox.faults import Fault, Faults
from sandbox.mail.smtp import Receiver, SmtpFault


class Today(msgspec.Struct, forbid_unknown_fields=True):
    """The body that sets the clock."""

    date: str


_FAULT = msgspec.json.Decoder(Fault)
_SMTP_FAULT = msgspec.json.Decoder(SmtpFault)
_TODAY = msgspec.json.Decoder(Today)


class Switches:
    """Handlers that change how the sandbox behaves."""

    def __init__(self, clock: Clock, faults: Faults, calls: CallLog, receiver: Receiver) -> None:
        """Switches what it is given."""
        self._clock, self._faults, self._calls, self._receiver = clock, faults, calls, receiver

    def put_fault(self, request: Request) -> Answer:
        """Switch a fault on; returns all that are on."""
        self._faults.put(decode(_FAULT, request.body))
        return self.faults(request)

    def faults(self, _request: Request) -> Answer:
        """The faults that are on."""
        return encoded({"faults": self._faults.entries()})

    def clear_faults(self, request: Request) -> Answer:
        """Everything works again, SMTP too."""
        self._faults.clear()
        self._receiver.fault = SmtpFault()
        return self.faults(request)

    def put_smtp_fault(self, request: Request) -> Answer:
        """What SMTP's DATA is answered with."""
        self._receiver.fault = decode(_SMTP_FAULT, request.body)
        return encoded(self._receiver.fault)

    def calls(self, _request: Request) -> Answer:
        """The wire log, oldest first."""
        return encoded({"calls": self._calls.entries()})

    def clear_calls(self, request: Request) -> Answer:
        """Empty the wire log."""
        self._calls.clear()
        return self.calls(request)

    def put_today(self, request: Request) -> Answer:
        """Set the clock; the data stay."""
        day = decode(_TODAY, request.body).date
        if not valid_day(day):
            raise invalid("date", "must be a date YYYY-MM-DD")
        self._clock.set(day)
        return encoded({"today": self._clock.today})


def add_switches(
    app: App, switches: Switches, database: sqlite3.Connection, clock: Clock, reader: Reader
) -> None:
    """Serve the switches."""
    bookings = Bookings(database, clock, reader)
    app.route("PUT", "/sandbox/faults", switches.put_fault)
    app.route("GET", "/sandbox/faults", switches.faults)
    app.route("DELETE", "/sandbox/faults", switches.clear_faults)
    app.route("PUT", "/sandbox/smtp-faults", switches.put_smtp_fault)
    app.route("GET", "/sandbox/calls", switches.calls)
    app.route("DELETE", "/sandbox/calls", switches.clear_calls)
    app.route("PUT", "/sandbox/today", switches.put_today)
    app.route("POST", "/sandbox/invoices", bookings.add_invoice)
    app.route("POST", "/sandbox/payments", bookings.add_payment)
    app.route("PUT", "/sandbox/accounts/", partial(change_account, database, clock, reader))
    app.route("PUT", "/sandbox/requests/", RequestSteps(database, clock, reader).move)
    app.route("PUT", "/sandbox/fees/", partial(change_fee, database))
