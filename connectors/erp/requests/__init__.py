"""What each kind of service request holds in its `details`, one module a kind: read from records, written
into submissions."""
