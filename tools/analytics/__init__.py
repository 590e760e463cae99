"""Pure computations over frames: the caller fetches, the function computes."""
