"""What can be done: one typed tool per capability, in a catalogue."""
