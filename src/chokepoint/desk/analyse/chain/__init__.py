"""The value chain of the viewer's map: who passes victims' money on, what can be done, what it would do."""

from chokepoint.desk.analyse.chain.answer import ChainAnswer
from chokepoint.desk.analyse.chain.find import chain_of
from chokepoint.desk.analyse.chain.question import Evidence, Question

__all__ = ["ChainAnswer", "Evidence", "Question", "chain_of"]
