"""What stands between us and a system that is slow, down or flooded: the same for every system."""

from connectors.resilience.guard import Guard

__all__ = ["Guard"]
