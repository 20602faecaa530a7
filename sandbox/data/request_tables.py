"""Tables of service requests, their fees, and the policies that some are about; money in grosze."""

REQUEST_TABLES = """
CREATE TABLE request (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, client INTEGER NOT NULL, kind TEXT NOT NULL,
    contract INTEGER, status TEXT NOT NULL, submitted_by TEXT NOT NULL, submitted_at TEXT NOT NULL,
    details TEXT NOT NULL, fee TEXT, sla_due_at TEXT, valid_until TEXT, -- fee and details are JSON
    idempotency_key TEXT UNIQUE, body_hash TEXT, attachments TEXT NOT NULL DEFAULT '[]'); -- ids, JSON
CREATE TABLE request_event (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL,
    actor TEXT NOT NULL, note TEXT);
CREATE TABLE request_fee (
    kind TEXT NOT NULL, channel TEXT NOT NULL, about TEXT NOT NULL, net INTEGER NOT NULL,
    vat_rate INTEGER NOT NULL, charged_when TEXT NOT NULL, sla_days INTEGER NOT NULL,
    offers INTEGER NOT NULL, needs_policy INTEGER NOT NULL, needs_vehicle INTEGER NOT NULL,
    terms TEXT NOT NULL, PRIMARY KEY (kind, channel)) WITHOUT ROWID; -- terms are JSON
CREATE TABLE policy (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, client INTEGER NOT NULL, contract INTEGER NOT NULL,
    insurer TEXT NOT NULL, kind TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,
    sum_insured INTEGER NOT NULL, currency TEXT NOT NULL, premium INTEGER NOT NULL,
    territory TEXT NOT NULL); -- JSON
"""

REQUEST_INDEXES = """
CREATE INDEX request_client ON request (client, submitted_at);
CREATE INDEX request_contract ON request (contract, submitted_at);
CREATE INDEX request_event_request ON request_event (request);
CREATE INDEX policy_contract ON policy (contract, valid_to);
CREATE INDEX policy_client ON policy (client, valid_to);
"""
