"""Floor 5: one verb each: read, call a pure stage, append."""
