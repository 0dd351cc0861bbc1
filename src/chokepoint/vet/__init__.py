"""Floor 3: probability from evidence, verdicts from votes. Pure."""
