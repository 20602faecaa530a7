"""The document store: which documents belong to an invoice or a contract."""
