"""Floor 3: choke points. Where a strike does the most long-term damage, and how good the answer is.

Pure: networks and edge lists in, plans and orders out; seeds are arguments. numba and scipy are
loaded when a computation starts, so importing this room costs nothing but numpy.
"""
