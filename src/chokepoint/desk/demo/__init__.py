"""`demo`: the main job on real data, from files to a provable package and a report to open."""

from chokepoint.desk.demo.run import DemoReport, run

__all__ = ["DemoReport", "run"]
