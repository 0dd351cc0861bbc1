"""Laws are checked without a clock: the first example of a run loads the public suffix list."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
