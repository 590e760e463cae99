"""Forecasts of any set of series: one pool, one choice, one way of stating the error.

The package computes and returns frames; it reads no files, stores nothing and never looks past the
last observation it is given.
"""
