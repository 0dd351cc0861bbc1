"""Floor 2: one kind of value a file: parse, normalise, show; and find indicators in text."""
