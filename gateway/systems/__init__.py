"""The back-office systems that the settings name: their kinds, and what comes from which."""
