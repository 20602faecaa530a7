"""The mail system: sending, and reading the correspondence with a client."""
