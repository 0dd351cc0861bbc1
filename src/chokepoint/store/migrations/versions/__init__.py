"""One file a version, each with what it changes."""
