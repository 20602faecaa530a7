"""The mailbox: SMTP in, pages and a mail archive out."""
