"""Uploads over HTTP: the body of a request, as it comes."""
