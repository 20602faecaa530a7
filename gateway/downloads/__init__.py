"""Downloads over HTTP: who follows a link, which part is asked for, and sending without keeping."""
