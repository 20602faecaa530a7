"""Answers of systems, kept for a moment: records, pages and counts; never users, writes or the change feed.

This stands below the policy, which filters what comes out of it like what comes from a system.
"""
