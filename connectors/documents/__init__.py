"""The document store: files of invoices, contracts, policies and requests, and of users."""
