"""What WebSockets and event streams share: what they are told, and when they end."""
