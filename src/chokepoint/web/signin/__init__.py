"""Ways in which people prove who they are."""
