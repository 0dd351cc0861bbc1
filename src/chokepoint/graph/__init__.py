"""Floor 3: statements as arrays, and what is read from them: paths, neighbourhoods, drawings. Pure."""
