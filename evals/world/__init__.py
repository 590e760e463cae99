"""A simulated channel of a Chinese ERP vendor: source files from a seed, and the truth beside.

`evals.world.generator.generate` writes the files; `python -m evals.world OUT` does it from a shell.
The package imports numpy, pandas, stdnum and the standard library, and nothing of Leadline: it
stands outside, as a customer's systems do. Only evaluations, tests and the demo command import it.
"""
