"""HTTP/1.1 to one server (RFC 9110, 9112): what `connectors/http.py` speaks, and nobody else.

It knows no guard and no back office. A connection carries one request at a time, and serves another only
after an answer that is complete, with nothing behind it and nothing unsent. Whatever else happens to it
(cancelled, late, not understood, spoken to unasked) it is closed, so that no answer reaches the wrong asker.
There are no proxies, cookies, redirects or HTTP/2 (docs/adr/0034-our-own-http-client.md).
"""
