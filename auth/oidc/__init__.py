"""The OpenID provider, on Authlib's server core: one small file an endpoint, one a grant."""
