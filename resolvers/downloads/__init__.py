"""Files to download: signed links to them, and what is behind a link. No HTTP."""
