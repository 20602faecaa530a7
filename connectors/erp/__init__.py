"""The ERP: who the clients are, what they lease, what they owe."""
