"""The ERP's REST service."""
