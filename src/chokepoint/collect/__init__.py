"""Floor 4: captures in foreign formats become claims; one format a file."""
