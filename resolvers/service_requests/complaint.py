"""A complaint, perhaps about an invoice of the client."""

from connectors.erp.records.request import RequestKind
from connectors.erp.requests.complaint import ComplaintDetails
from resolvers.invoices import invoices_by_number
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind


async def _details(case: Case) -> ComplaintDetails:
    given = case.given
    number = None
    if given.invoice_number:
        invoice = await invoices_by_number.load(case.op, given.invoice_number)
        if invoice is None or invoice.client_number != case.client_number:
            case.missing("invoiceNumber")
        else:
            number = invoice.number
    return ComplaintDetails(
        subject=case.text(given.subject, 200, "subject"),
        description=case.text(given.description, 4000, "description"),
        invoice_number=number,
    )


KIND = Kind(RequestKind.COMPLAINT, Subject.CLIENT, _details)
