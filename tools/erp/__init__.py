"""Connectors in and out; today: files."""
