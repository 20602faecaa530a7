"""Tables of the ERP database: money in minor units (grosze, cents), rates in basis points, dates in ISO."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE client (
    id INTEGER PRIMARY KEY, -- the client number without its leading zeros
    name TEXT NOT NULL, legal_form TEXT, nip TEXT, regon TEXT, krs TEXT,
    registered_seat TEXT NOT NULL, correspondence_address TEXT, -- JSON
    email TEXT, consent_at TEXT);
CREATE TABLE account (
    login TEXT PRIMARY KEY, email TEXT NOT NULL, first_name TEXT NOT NULL, surname TEXT NOT NULL,
    display_name TEXT NOT NULL, company_name TEXT NOT NULL, client_numbers TEXT NOT NULL, -- JSON
    role TEXT NOT NULL, language TEXT NOT NULL) WITHOUT ROWID; -- of no client: deactivated
CREATE TABLE account_key (key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, login TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE client_currency (client INTEGER, currency TEXT, PRIMARY KEY (client, currency)) WITHOUT ROWID;
CREATE TABLE contract (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, client INTEGER NOT NULL, kind TEXT NOT NULL,
    status TEXT NOT NULL, signed_on TEXT NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT NOT NULL,
    term_months INTEGER NOT NULL, currency TEXT NOT NULL, asset_value INTEGER NOT NULL,
    initial_fee INTEGER NOT NULL, residual_value INTEGER NOT NULL,
    rate TEXT NOT NULL, buy_out TEXT, assets TEXT NOT NULL, -- JSON
    vat_rate INTEGER NOT NULL, due_day INTEGER NOT NULL, margin INTEGER);
CREATE TABLE schedule (
    id INTEGER PRIMARY KEY, -- contract * 100 + version
    client INTEGER NOT NULL, contract INTEGER NOT NULL, version INTEGER NOT NULL,
    effective_from TEXT NOT NULL,
    reason TEXT NOT NULL, superseded_on TEXT, currency TEXT NOT NULL,
    net INTEGER NOT NULL, capital INTEGER NOT NULL, interest INTEGER NOT NULL, vat INTEGER NOT NULL,
    rates TEXT NOT NULL, -- JSON: [[first instalment, rate], ...]
    superseded_from INTEGER); -- the first instalment which a later version replaces
CREATE TABLE invoice (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, client INTEGER NOT NULL, contract INTEGER,
    kind TEXT NOT NULL, issue_date TEXT NOT NULL, sale_date TEXT, due_date TEXT NOT NULL,
    currency TEXT NOT NULL, net INTEGER NOT NULL, vat INTEGER NOT NULL, gross INTEGER NOT NULL,
    settled INTEGER NOT NULL, state TEXT NOT NULL, corrected INTEGER NOT NULL,
    fully_reversed INTEGER NOT NULL,
    in_dunning INTEGER NOT NULL, transit_on TEXT, transit_amount INTEGER, paid_on TEXT,
    correction_of INTEGER, correction_reason TEXT, ksef_number TEXT, instalment INTEGER, vat_rate INTEGER);
CREATE TABLE payment (
    id INTEGER PRIMARY KEY, client INTEGER NOT NULL, booked_on TEXT NOT NULL, value_on TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, channel TEXT NOT NULL, payer_account TEXT,
    title TEXT, allocated INTEGER NOT NULL);
CREATE TABLE allocation (
    id INTEGER PRIMARY KEY, client INTEGER NOT NULL, invoice INTEGER NOT NULL, kind TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, booked_on TEXT NOT NULL, posted_at TEXT NOT NULL,
    payment INTEGER, credit_invoice INTEGER);
CREATE TABLE change (
    seq INTEGER PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, client INTEGER, at TEXT NOT NULL);
"""

# The row id ends every index: (client, issue_date) is in the order issue date, id.
INDEXES = """
CREATE INDEX contract_client ON contract (client, starts_on);
CREATE INDEX invoice_client ON invoice (client, issue_date);
CREATE INDEX invoice_contract ON invoice (contract, issue_date);
CREATE INDEX invoice_correction ON invoice (correction_of, issue_date) WHERE correction_of IS NOT NULL;
CREATE INDEX invoice_open ON invoice (client, currency, due_date, gross, settled) WHERE state = 'OPEN';
CREATE INDEX payment_client ON payment (client, booked_on);
CREATE INDEX payment_unallocated ON payment (client, currency, amount, allocated) WHERE amount > allocated;
CREATE INDEX allocation_invoice ON allocation (invoice);
CREATE INDEX allocation_payment ON allocation (payment) WHERE payment IS NOT NULL;
ANALYZE;
"""

MESSAGE_TABLES = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, client TEXT, direction TEXT NOT NULL, subject TEXT NOT NULL,
    sent_at TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL, body TEXT NOT NULL, html TEXT,
    attachments TEXT NOT NULL, headers TEXT NOT NULL); -- JSON
CREATE TABLE IF NOT EXISTS message_address (
    address TEXT NOT NULL, sent_at TEXT NOT NULL, message INTEGER NOT NULL, recipient INTEGER NOT NULL,
    PRIMARY KEY (address, sent_at, message)) WITHOUT ROWID;
"""
