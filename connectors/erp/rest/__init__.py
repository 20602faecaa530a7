"""The ERP spoken to through the REST contract of docs/erp-rest.md."""

from connectors.erp.rest.erp import RestErp

__all__ = ["RestErp"]
