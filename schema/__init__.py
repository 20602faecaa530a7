"""What the graph says. The types' sources are the connectors' records, read as they are."""
