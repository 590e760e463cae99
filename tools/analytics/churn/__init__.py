"""Churn: who will fall silent, how likely, and what says so."""
