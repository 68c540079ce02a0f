"""Deterministic measures of what the assistant gives, each with value and reason."""
