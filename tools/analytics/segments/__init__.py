"""Segments of partners: groups that behave alike, named by rules, with reasons."""
