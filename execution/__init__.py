"""Runs GraphQL queries by compiled breadth-first plans; graphql-core runs the rest and is the oracle.

Knows nothing of leasing: any Strawberry or graphql-core schema will do. See docs/execution.md.
"""
