"""Service requests: reading them, what they cost, submitting them (one module a kind), and what follows."""
