"""How each back-office system is spoken to: a port, its records, and a folder per implementation."""
