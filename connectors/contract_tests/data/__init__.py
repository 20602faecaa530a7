"""The data set that a system holds while the contract tests run over it: small, named, made up."""
