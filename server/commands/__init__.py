"""One module per command or command group; each imports what it needs when it runs."""
