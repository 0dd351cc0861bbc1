"""`package build` and `export`: what the viewer may hand on about a target, bound or plain."""

from chokepoint.desk.hand.bound import Built, Dispatch, build
from chokepoint.desk.hand.plain import Exported, export

__all__ = ["Built", "Dispatch", "Exported", "build", "export"]
