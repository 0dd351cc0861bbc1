"""Walking: files, folders and archives → documents, with limits, and nothing passed over in silence."""

from chokepoint.collect.walk.folders import walk
from chokepoint.collect.walk.things import Left, Limits, Problem

__all__ = ["Left", "Limits", "Problem", "walk"]
