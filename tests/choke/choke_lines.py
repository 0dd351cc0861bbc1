"""Edge lists for tests: lines as the bytes of a file, names as a table, and the reader that takes its time."""

from __future__ import annotations

import numpy as np

from chokepoint.choke import edges as edges_module
from chokepoint.choke.edges import EdgeList, read_costs, read_edges
from chokepoint.choke.names import Names


def as_file(lines) -> bytes:
    """Lines of text or bytes, each with its end."""
    return b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)


def edges_of(lines) -> EdgeList:
    return read_edges([as_file(lines)])


def costs_of(lines, names):
    return read_costs([as_file(lines)], names_of(names))


def names_of(texts) -> Names:
    names = Names()
    for text in texts:
        data = text.encode()
        names.number(np.frombuffer(data, np.uint8), np.array([[0, len(data)]], np.int32))
    return names


def pairs_of(edges: EdgeList) -> list[tuple[str, str]]:
    return [(edges.names[a], edges.names[b]) for a, b in zip(edges.u.tolist(), edges.v.tolist(), strict=True)]


def line_by_line(data: bytes):
    """(edges, (line, reason) of broken lines) when every single line is read with care."""
    broken, found = edges_module._Broken(), []
    lines = data.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        pair = edges_module._pair(line, number, broken)
        if pair and (found or tuple(one.lower() for one in pair) not in edges_module.HEADERS):
            found.append(pair)
    return found, [(one.line, one.reason) for one in broken.kept]
