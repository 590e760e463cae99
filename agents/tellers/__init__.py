"""One teller per tool: how its result is worded, drawn and led on from."""
