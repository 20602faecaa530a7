"""Made-up but consistent data of a lessor, the same for the same seed, size and day."""
