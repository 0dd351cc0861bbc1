"""`collect`: files in, captures sealed, claims appended, every line accounted for."""

from chokepoint.desk.gather.mappings import Decided, decide
from chokepoint.desk.gather.report import FileReport, GatherReport
from chokepoint.desk.gather.run import GatherOptions, gather

__all__ = ["Decided", "FileReport", "GatherOptions", "GatherReport", "decide", "gather"]
