"""The document store: documents derived from the ERP's records."""
