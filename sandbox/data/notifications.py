"""What clients are told about: each invoice issued (FAQ 6), and a reminder of each that is in dunning."""

MONTHS_KEPT = 13

NOTIFICATION_TABLE = """
CREATE TABLE notification (
    id INTEGER PRIMARY KEY, client INTEGER NOT NULL, kind TEXT NOT NULL, invoice INTEGER,
    subject TEXT NOT NULL, created_at TEXT NOT NULL, deliveries TEXT NOT NULL); -- JSON
"""

# In the order of time, so that ids grow with it; the mail went out twenty minutes later.
WRITE_NOTIFICATIONS = f"""
INSERT INTO notification (client, kind, invoice, subject, created_at, deliveries)
SELECT n.client, n.kind, n.id, n.subject, n.day || 'T05:10:00.000000Z', json_array(json_object(
    'channel', 'EMAIL', 'address', c.email, 'state', 'SENT', 'tries', 1, 'sentAt', n.day || 'T05:30:00Z'))
FROM (
    SELECT id, client, 'INVOICE_ISSUED' AS kind, 'Wystawiliśmy fakturę ' || number AS subject,
        issue_date AS day FROM invoice
    UNION ALL
    SELECT id, client, 'PAYMENT_REMINDER', 'Przypominamy o płatności faktury ' || number,
        date(due_date, '+3 day') FROM invoice WHERE in_dunning
) n JOIN client c ON c.id = n.client, (SELECT value AS today FROM meta WHERE key = 'today') m
WHERE n.day BETWEEN date(m.today, '-{MONTHS_KEPT} months') AND m.today AND c.email IS NOT NULL
ORDER BY n.day, n.id;
CREATE INDEX notification_client ON notification (client, created_at);
"""

# For one that is issued while the sandbox runs: the mail waits to be sent.
NOTIFY_ISSUED = """
INSERT INTO notification (client, kind, invoice, subject, created_at, deliveries)
SELECT i.client, 'INVOICE_ISSUED', i.id, 'Wystawiliśmy fakturę ' || i.number, :moment, json_array(json_object(
    'channel', 'EMAIL', 'address', c.email, 'state', 'QUEUED', 'tries', 0, 'sentAt', NULL))
FROM invoice i JOIN client c ON c.id = i.client WHERE i.id = :invoice AND c.email IS NOT NULL
RETURNING id
"""
