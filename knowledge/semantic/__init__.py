"""Metrics and dimensions by name, typed queries over them, and their compilation to SQL."""
