"""A payment schedule as a file ("Harmonogram spłat", portal FAQ 10): one module a format. No HTTP."""
