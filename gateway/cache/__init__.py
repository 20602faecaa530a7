"""Answers of back-office systems, kept for a moment in Redis or Valkey for all gateways on it."""
