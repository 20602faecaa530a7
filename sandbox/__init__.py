"""A leasing back office in a box: the foreign system on the other side of the wire."""
