"""Plain dismantling: in which order to remove nodes so that an undirected network falls apart soonest."""

from chokepoint.choke.dismantle.portfolio import DismantleResult, dismantle
from chokepoint.choke.dismantle.score import removal_auc

__all__ = ["DismantleResult", "dismantle", "removal_auc"]
