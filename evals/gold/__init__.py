"""Gold figures: computed with pandas from the source files, apart from all that they judge."""
