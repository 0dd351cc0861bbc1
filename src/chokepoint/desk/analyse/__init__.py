"""`choke` and what it stands on: the viewer's snapshot, its crossings and its choke points."""

from chokepoint.desk.analyse.view import View, load_snapshot

__all__ = ["View", "load_snapshot"]
