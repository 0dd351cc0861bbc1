"""Looks: what is known of a thing, of a pasted text, and of the way between two things."""
