"""Floor 3: what leaves the atlas, chosen by marking, bound to its evidence, signed and shown."""
