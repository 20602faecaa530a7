// The gateway's own rule, resolvers/settlement.py: PAID and CANCELLED are the ERP's to say, the rest follows.
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Warsaw" });
const days = new Map(); // formatting a date costs more than all the rest, and the moments are few

function localDate(moment) {
  let found = days.get(moment);
  if (found === undefined) {
    if (days.size > 1000) days.clear();
    days.set(moment, (found = day.format(new Date(moment))));
  }
  return found;
}

export function invoiceStatus(invoice) {
  if (invoice.state !== "OPEN") return invoice.state;
  const due = Number(invoice.amountDue) > 0;
  if (due && localDate(invoice.asOf) > invoice.dueDate) return "OVERDUE";
  return due && Number(invoice.settledAmount) > 0 ? "PARTIALLY_SETTLED" : "ISSUED";
}
