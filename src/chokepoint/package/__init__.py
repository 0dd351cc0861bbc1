"""Floor 3: what leaves the atlas. Chosen by marking, bound to its evidence, signed, and shown; data in, bytes out."""
