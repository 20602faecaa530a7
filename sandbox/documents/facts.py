"""What the content of a document is made of, as SQL: one row a document, in the order of `Facts`."""

INVOICE_COLUMNS = """t.id, t.number, t.client, c.name, coalesce(c.nip, ''), t.kind,
    iif(t.issue_date < '1', t.sale_date, t.issue_date), t.due_date, t.currency, t.net, t.vat, t.gross,
    coalesce(t.vat_rate, 0), t.ksef_number"""
INVOICE_FACTS = f"""
SELECT {INVOICE_COLUMNS}
FROM json_each(?) k CROSS JOIN invoice t ON t.id = k.value CROSS JOIN client c ON c.id = t.client
"""
CONTRACT_FACTS = """
SELECT t.id, t.number, t.client, c.name, coalesce(c.nip, ''), t.kind, t.signed_on, t.ends_on, t.currency,
    0, 0, t.asset_value, t.vat_rate, NULL
FROM json_each(?) k CROSS JOIN contract t ON t.id = k.value CROSS JOIN client c ON c.id = t.client
"""
POLICY_FACTS = """
SELECT t.id, t.number, t.client, c.name, coalesce(c.nip, ''), t.insurer, t.valid_from, t.valid_to, t.currency,
    0, 0, t.sum_insured, 0, NULL
FROM json_each(?) k CROSS JOIN policy t ON t.id = k.value CROSS JOIN client c ON c.id = t.client
"""
# What came of a request, once it is done or an offer stands.
REQUEST_FACTS = """
SELECT t.id, t.number, t.client, c.name, coalesce(c.nip, ''), t.kind, substr(e.at, 1, 10),
    coalesce(t.valid_until, ''), 'PLN', 0, 0, 0, 0, NULL
FROM json_each(?) k CROSS JOIN request t ON t.id = k.value CROSS JOIN client c ON c.id = t.client
CROSS JOIN request_event e ON e.id = (SELECT max(id) FROM request_event WHERE request = t.id)
WHERE t.status IN ('OFFER_READY', 'ACCEPTED', 'COMPLETED')
"""
