"""One module per claim of speed or accuracy; each prints a table and writes JSON."""
