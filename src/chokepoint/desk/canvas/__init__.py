"""What the canvas of the web desk shows of a viewer's map: parts, growth, overview, saved views.

Everything is read from the viewer's snapshot: no count, order or refusal rests on what it does not hold.
Entities are named as the command line writes them, `kind:value`; one that is hidden is as absent as one that
does not exist.
"""

from chokepoint.desk.canvas.grow import Branch, begin, branches, expand, piece
from chokepoint.desk.canvas.overview import Bubble, Overview, Tie, overview
from chokepoint.desk.canvas.parts import MOST_LINES, MOST_NODES, Line, Piece, Spot
from chokepoint.desk.canvas.saved import Placed, SavedView, find_view, open_view, save_view, views

__all__ = [
    "MOST_LINES",
    "MOST_NODES",
    "Branch",
    "Bubble",
    "Line",
    "Overview",
    "Piece",
    "Placed",
    "SavedView",
    "Spot",
    "Tie",
    "begin",
    "branches",
    "expand",
    "find_view",
    "open_view",
    "overview",
    "piece",
    "save_view",
    "views",
]
