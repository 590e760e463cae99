"""Tables of record, guarded loading, and immutable snapshots."""
