"""Cases, gold figures, scorers and the simulated channel with known truth."""
