"""Doors: the command line; nothing is computed here."""
