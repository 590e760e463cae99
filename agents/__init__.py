"""Who decides: planners, executor, narrator, verifier, traces."""
