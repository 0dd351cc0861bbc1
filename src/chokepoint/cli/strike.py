"""`choke` and `dismantle`."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.face import Face, calm, cut, with_face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.edges import BrokenLine
    from chokepoint.desk.network import Dismantled

SHOWN = 30
BROKEN_SHOWN = 5
HEIRS = 5
OTHERS = 3


@click.command()
@click.option(
    "--network", metavar="FILE", help="Plan against the value chain in this JSON file; needs no atlas."
)
@click.option("--budget", type=float, help="In units of one registrar takedown.")
@click.option("--keep", metavar="FILE", help="With --network: keep what other budgets need.")
@click.option("--again", metavar="FILE", help="Another --budget or --without, from a kept answer, at once.")
@click.option("--without", multiple=True, metavar="ID", help="No target: an identifier or a lever-holder.")
@click.option("--cap", multiple=True, metavar="CC=COST", help="Highest summed cost in a jurisdiction.")
@click.option("--not-before", metavar="DATE", help="No request goes out before this day.")
@click.option("--horizon", type=click.FloatRange(1, 3650), help="Days over which damage counts.")
@click.option(
    "--top", type=click.IntRange(1, 200), default=10, show_default=True, help="At most so many choke points."
)
@click.option("--as-of", metavar="DATE", help="The day for which it holds; else the newest evidence.")
@click.option("--collateral", type=click.FloatRange(0), help="Highest summed collateral, in takedowns' own.")
@click.option("--no-mode", multiple=True, metavar="MODE", help="A way to act that is not wanted.")
@click.option("--times", metavar="FILE", help="TOML: kind = days until replaced, or [days, spread].")
@click.option("--seed", type=click.IntRange(0), help="Of the sampled worlds.")
@with_face
def choke(face: Face, /, **given: Any) -> None:
    """Choke points: where a strike does the most lasting damage for its cost, and why."""
    network, keep, again, without = (given.pop(name) for name in ("network", "keep", "again", "without"))
    if again is not None:
        _again(face, Path(again), given["budget"], without)
        return
    if network is not None:
        _plan(face, Path(network), given["budget"], keep)
        return
    from chokepoint.desk.analyse.choke import ChokeOptions
    from chokepoint.desk.analyse.choke import choke as find
    from chokepoint.model.claim import parse_day

    for name in ("as_of", "not_before"):
        given[name] = parse_day(given[name]) if given[name] else None
    given["caps"] = tuple(_cap(text) for text in given.pop("cap"))
    given["without"] = frozenset(without)
    given["modes_out"] = frozenset(map(_mode, given.pop("no_mode")))
    given["times"] = _times(given["times"])
    options = ChokeOptions(**{name: value for name, value in given.items() if value is not None})
    with face.progress("looking for choke points"):
        answer = find(face.atlas(), options)
    if face.json:
        face.emit(answer.to_json())
        return
    for line in answer.lines():
        face.say(line)


def _mode(text: str) -> str:
    from chokepoint.model.member import Mode

    if text not in {mode.value for mode in Mode}:
        raise click.BadParameter(f"{text!r}: write takedown, freeze, cooperation, …", param_hint="--no-mode")
    return text


def _times(file: str | None) -> tuple[tuple[str, tuple[float, float]], ...] | None:
    from chokepoint.desk.work.outcome import times_in

    return tuple(sorted(times_in(Path(file)).items())) if file else None


def _cap(text: str) -> tuple[str, float]:
    law, _, cost = text.partition("=")
    try:
        room = float(cost)
    except ValueError:
        room = math.nan
    if not law or not (0 <= room < math.inf):
        raise click.BadParameter(f"{text!r}: write a country and a cost, US=3", param_hint="--cap")
    return law.upper(), room


def _again(face: Face, path: Path, budget: float | None, without: tuple[str, ...]) -> None:
    from chokepoint.desk.network import ask_kept

    document = ask_kept(path, budget=budget, without=without)
    if face.json:
        face.emit(document)
        return
    for one in document["plan"]:
        face.say(f"{one['mode']} {calm(one['id'])}")
    before, after = document["flow_before"], document["flow_after"]
    face.say(f"flow over the horizon: {before:.4g} before, at most {after:.4g} after")
    face.say(f"no plan within the budget leaves less than {document['bound']:.4g}")
    face.say(f"cost {document['cost']:g} of {document['budget']:g}; certified gap {document['gap']:.2%}")
    face.say(document["note"])


def _plan(face: Face, path: Path, budget: float | None, keep: str | None) -> None:
    from chokepoint.desk.network import plan_for

    with face.progress("planning"):
        document = plan_for(path, budget=budget, keep=Path(keep) if keep else None).document
    if face.json:
        face.emit(document)
        return
    before, after = document["flow_before"], document["flow_after"]
    if not document["plan"]:
        face.say(f"No plan: {document['why_no_plan']}.")
    else:
        face.table(
            (
                "#step",
                "target",
                "what to do",
                "under the law of",
                "#cost",
                "#start on day",
                "#flow left after it",
                "#half back by day",
            ),
            [_step(one) for one in document["order"]],
        )
    face.say()
    share = f", {1 - after / before:.0%} less" if before > 0 else ""
    low, high = document["band"]
    face.say(f"flow over the horizon: {before:.4g} before, {after:.4g} after{share}")
    face.say(f"no plan within the budget leaves less than {document['bound']:.4g}")
    held_out = document["flow_after_heldout"]
    face.say(
        f"on worlds that had no part in the choice: {held_out:.4g}, in 90 % of them {low:.4g} to {high:.4g}"
    )
    face.say(f"cost {document['cost']:g}; certified gap {document['gap']:.2%}")
    for line in _further(document):
        face.say(line)
    face.say(document["note"])


def _step(one: dict[str, Any]) -> tuple[str, ...]:
    back = one["half_back_after_days"]
    return (
        str(one["step"]), calm(one["id"]), one["mode"], calm(one["jurisdiction"]) or "not said",
        f"{one['cost']:g}", f"{one['start_day']:g}",
        f"{one['flow_after_step']:.4g}", "never" if back is None else f"{back:.3g}",
    )  # fmt: skip


def _further(document: dict[str, Any]) -> Iterator[str]:
    """What takes over, what if replacement is quicker or slower, and what else could be done."""
    heirs = [
        f"{calm(heir['id'])} takes over from {calm(one['id'])} after {heir['after_days']:g} days"
        for one in document["order"] for heir in one["taken_over_by"]
    ]  # fmt: skip
    if heirs:
        yield "where the flow moves: " + "; ".join(heirs[:HEIRS])
    changed = document["sensitivity"]
    if document["plan"]:
        fast, slow = changed["replacement_days_x0.5"], changed["replacement_days_x2"]
        uneven = changed["replacement_days_lognormal"]
        yield f"if all is replaced twice as fast it leaves {fast:.4g}, if half as fast {slow:.4g}"
        yield (
            "if less is back at once and some stays away for long (log-normal times, the same medians) it "
            f"leaves {uneven:.4g}"
        )
    for other in document["alternatives"]:
        yield (
            f"without {calm(other['without'])} the best plan found leaves {other['flow_after']:.4g} "
            f"for {other['cost']:g}"
        )
    hub = document["biggest_hub"]
    if document["plan"] and hub:
        ways = f"{hub['links']:,} {'way' if hub['links'] == 1 else 'ways'} in and out"
        asked = "" if hub["in_plan"] else "why not "
        yield f"{asked}the biggest hub, {calm(hub['id'])} ({ways}): {hub['reason']}"
    planned = {one["id"] for one in document["plan"]}
    for one in [one for one in document["what_if"] if one["id"] not in planned][:OTHERS]:
        most = f"{one['gain']:.4g}" if one["gain"] else f"at most {one['gain_at_most']:.4g}"
        yield f"not in the plan: {one['mode']} of {calm(one['id'])} alone stops {most}, for {one['cost']:g}"


@click.command()
@click.argument("edges", metavar="EDGES")
@click.option("--cost", metavar="FILE", help="Node and cost a line; others cost 1.")
@with_face
def dismantle(face: Face, edges: str, cost: str | None) -> None:
    """The order in which to remove nodes so that a plain network falls apart soonest; needs no atlas.

    EDGES: two columns of text or CSV, plain or gzip, or .npz with n, u, v. Direction, parallels, loops and
    further columns do not count.
    """
    from chokepoint.desk.network import dismantle_file

    with face.progress("dismantling"):
        answer = dismantle_file(Path(edges), Path(cost) if cost else None)
    _note_broken(face, edges, answer.broken, answer.broken_count)
    if cost and answer.costs:
        _note_broken(face, cost, answer.costs.broken, answer.costs.broken_count)
        if answer.costs.strange:
            face.note(f"{cost}: {answer.costs.strange:,} lines name no node of {edges}: left out")
    if face.json:
        face.emit(answer.to_json())
    else:
        _draw(face, answer)


def _note_broken(face: Face, path: str, broken: tuple[BrokenLine, ...], count: int) -> None:
    for one in broken[:BROKEN_SHOWN]:
        face.note(f"{path}: line {one.line}: {one.reason}")
    if count > BROKEN_SHOWN:
        face.note(f"{path}: {count - BROKEN_SHOWN:,} more broken lines were left out")


def _draw(face: Face, answer: Dismantled) -> None:
    from chokepoint.model.words import plural

    result: Any = answer.result
    first = ", ".join(cut(str(node)) for node in answer.order[:SHOWN])
    rest = len(answer.order) - SHOWN
    face.say(f"{plural(result.nodes, 'node')}, {plural(result.edges, 'edge')}")
    if not result.edges:
        face.say("no edge joins two nodes: there is nothing to take apart")
        return
    face.say(f"{len(answer.order):,} removals leave no piece of a tenth of the nodes")
    face.say(f"AUC {result.auc:.4f} by {result.method}, {answer.cpu_s:.2f} s of processor time")
    face.say(f"remove {first}" + (f" … and {rest:,} more: --json lists all" if rest > 0 else ""))
