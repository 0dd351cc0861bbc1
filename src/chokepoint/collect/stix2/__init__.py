"""STIX 2.0 and 2.1: bundles, single objects and folders of them."""

from chokepoint.collect.stix2.collector import Stix2

__all__ = ["Stix2"]
