"""What is known: the warehouse of record, its snapshots, and the semantic layer over them."""
