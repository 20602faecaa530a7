"""How a field is answered: loaders, use cases, and the policy of who may see what. No HTTP, no GraphQL."""
