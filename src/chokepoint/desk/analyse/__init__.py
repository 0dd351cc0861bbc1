"""`choke` and what it stands on: the viewer's snapshot, its crossings and its choke points."""

from chokepoint.desk.analyse.answer import ChokeAnswer
from chokepoint.desk.analyse.choke import ChokeOptions, choke, choke_view
from chokepoint.desk.analyse.view import View, load_snapshot

__all__ = ["ChokeAnswer", "ChokeOptions", "View", "choke", "choke_view", "load_snapshot"]
