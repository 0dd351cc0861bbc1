"""`choke --network` and `dismantle`: the engines on a file; they need no atlas."""

from __future__ import annotations

import gzip
import json
import os
import time
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chokepoint.choke.dismantle import DismantleResult
    from chokepoint.choke.edges import BrokenLine, CostList
    from chokepoint.choke.names import Names
    from chokepoint.choke.plan import PlanAnswer

LARGEST_JSON = 512 * 1024 * 1024
LARGEST_ARRAYS = 8 * 1024**3
BLOCK = 1 << 20
MOST_ALONE = 10_000_000
"""Nodes without an edge; a file of a hundred bytes may claim two thousand million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismantled:
    """An order of removal with the names of the file.

    Attributes:
        order: nodes as the file names them; whole numbers stay numbers.
        result: of the engine.
        cpu_s: processor seconds of this process, reading excluded.
        broken: lines that hold no edge, the first hundred.
        broken_count: how many there were.
        costs: of the file of costs, where there is one.
    """

    order: tuple[str | int, ...]
    result: DismantleResult
    cpu_s: float
    broken: tuple[BrokenLine, ...] = ()
    broken_count: int = 0
    costs: CostList | None = None

    def to_json(self) -> dict[str, Any]:
        """The shape of `dismantle --json`."""
        told = {
            "order": list(self.order),
            "auc": self.result.auc,
            "method": self.result.method,
            "cpu_s": round(self.cpu_s, 4),
            "nodes": self.result.nodes,
            "edges": self.result.edges,
            "tried": self.result.tried,
            "broken": _lines(self.broken),
            "broken_count": self.broken_count,
        }
        if self.costs is not None:
            told["cost_broken"] = _lines(self.costs.broken)
            told["cost_broken_count"] = self.costs.broken_count
            told["cost_strange"] = self.costs.strange
        return told


def _lines(broken: tuple[BrokenLine, ...]) -> list[dict[str, Any]]:
    return [{"line": one.line, "reason": one.reason} for one in broken]


def plan_for(path: Path, *, budget: float | None = None, keep: Path | None = None) -> PlanAnswer:
    """The best plan against the value chain of a JSON file (DESIGN §10).

    Args:
        path: the network.
        budget: another than the file's.
        keep: where to write what `ask_kept` needs; the file tells of the network's targets and costs.

    Raises:
        BadInputError: no JSON, or not that shape, with the place.
        TooLargeError: more than 512 MB.
    """
    from chokepoint.choke.network import read_network  # noqa: PLC0415 - the kernels are heavy
    from chokepoint.choke.plan import make_plan  # noqa: PLC0415 - the same

    _must_exist(path)
    if path.stat().st_size > LARGEST_JSON:
        raise TooLargeError(
            "more than 512 MB of JSON", place=str(path), mend="leave out what carries no flow"
        )
    try:
        tree = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            f"no JSON: {error or 'nested too deep'}", place=str(path), mend="write one object"
        ) from error
    with _in_file(path):
        answer = make_plan(read_network(tree), budget=budget, keep=keep is not None)
    if keep is not None and answer.solution.kept is not None:
        from chokepoint.choke.kept import to_bytes  # noqa: PLC0415 - the kernels are heavy

        _write_private(keep, to_bytes(answer.solution.kept))
    return answer


def ask_kept(path: Path, *, budget: float | None = None, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Another budget or barred targets, from what `plan_for` kept.

    Raises:
        BadInputError: no kept answer, or a budget that is none.
        NotFoundError: no such file, or a barred target that was none.
    """
    from chokepoint.choke.kept import ask_again, from_bytes  # noqa: PLC0415 - the kernels are heavy

    _must_exist(path)
    with _in_file(path):
        kept = from_bytes(path.read_bytes())
    return ask_again(kept, budget=budget, without=without)


def dismantle_file(path: Path, costs: Path | None = None) -> Dismantled:
    """The best order in which to take the network of an edge list apart.

    Args:
        path: two columns of text or CSV, plain or gzip, or `.npz` with `n`, `u` and `v`.
        costs: node and cost a line; nodes that are not listed cost 1.

    Raises:
        BadInputError: no edges, or a cost that is none.
        TooLargeError: beyond what the engine takes.
    """
    from chokepoint.choke.dismantle import dismantle  # noqa: PLC0415 - the kernels are heavy
    from chokepoint.choke.edges import read_costs, read_edges  # noqa: PLC0415 - the same
    from chokepoint.choke.names import Names  # noqa: PLC0415 - the same

    _must_exist(path)
    broken: tuple[BrokenLine, ...] = ()
    count = 0
    if _starts(path, b"PK\x03\x04"):
        size, tails, heads = _arrays(path)
        names = Names.counted(size) if costs else Names()
    else:
        with _in_file(path):
            edges = read_edges(_blocks(path))
        size, tails, heads, names = len(edges.names), edges.u, edges.v, edges.names
        broken, count = edges.broken, edges.broken_count
    listed = None
    if costs is not None:
        _must_exist(costs)
        with _in_file(costs):
            listed = read_costs(_blocks(costs), names)
    started = time.process_time()
    with _in_file(path):
        result = dismantle(size, tails, heads, cost=listed.costs if listed else None)
    spent = time.process_time() - started
    return Dismantled(
        order=_named(result.order, names),
        result=result,
        cpu_s=spent,
        broken=broken,
        broken_count=count,
        costs=listed,
    )


@contextmanager
def _in_file(path: Path) -> Iterator[None]:
    """Whatever is wrong inside is wrong in this file."""
    try:
        yield
    except ChokepointError as error:
        if not error.place.startswith(str(path)):
            error.place = f"{path}: {error.place}" if error.place else str(path)
        raise


def _named(order: np.ndarray[Any, Any], names: Names) -> tuple[str | int, ...]:
    if not names:
        return tuple(order.tolist())
    texts = (names[node] for node in order.tolist())
    return tuple(map(int, texts) if names.are_numbers() else texts)


def _arrays(path: Path) -> tuple[int, Any, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_ARRAYS:
                raise TooLargeError("the arrays unfold to more than 8 GB", place=str(path))
        with np.load(path, allow_pickle=False) as arrays:
            size, tails, heads = _size(arrays["n"]), arrays["u"], arrays["v"]
    except (KeyError, ValueError, TypeError, OverflowError, zipfile.BadZipFile) as error:
        raise BadInputError(
            "no archive of the arrays n, u and v",
            place=str(path),
            mend="numpy.savez(file, n=..., u=..., v=...)",
        ) from error
    if size > tails.size + heads.size + MOST_ALONE:
        raise TooLargeError(
            f"{size} nodes, of which more than {MOST_ALONE} have no edge",
            place=str(path),
            mend="number those that have",
        )
    return size, tails, heads


def _size(told: np.ndarray[Any, Any]) -> int:
    size = int(told)
    if size != told:
        raise ValueError(told)
    return size


def _blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a plain or gzip file, a megabyte at a time."""
    with gzip.open(path, "rb") if _starts(path, b"\x1f\x8b") else path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                yield block
        except (OSError, EOFError, zlib.error) as error:
            raise BadInputError(
                f"the packed data is damaged: {error}", place=str(path), mend="get the file again"
            ) from error


def _starts(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _write_private(path: Path, data: bytes) -> None:
    """A file that only its owner may read: it names targets."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _must_exist(path: Path) -> None:
    if not path.is_file():
        raise NotFoundError("no such file", place=str(path), mend="check the name")
