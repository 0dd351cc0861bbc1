"""Nobody can tell what a case has reserved from what was dropped for any other reason, key by key and by the work done.

Each question is asked twice of one small chain: with the target excluded by hand, and after another's case,
which the asker may not see, has reserved it.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chain_world import HOST, ONE, W1, A, a_case, ask, chained, struck
from desk_world import World
from sqlalchemy import Engine, event

from chokepoint.choke import harm as harm_module
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.work.reserve import reserve

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTIONS: dict[str, dict[str, Any]] = {
    "as it stands": {},
    "no money": {"budget": 0.0},
    "much money": {"budget": 50.0},
    "a week": {"horizon": 7.0},
    "one country capped": {"budget": 3.0, "caps": (("US", 1.0),)},
    "other worlds": {"seed": 11},
    "another thing excluded": {"without": frozenset({"domain-name:b.ru"})},
}
Told = tuple[dict[str, Any], dict[str, Any]]
TARGETS = {"a shop": A, "a host": HOST, "a wallet": W1, "an exchange": ONE}


def asked(world: World, **options: Any) -> dict[str, Any]:
    """All that the police are told, as JSON reads it back, the lines among it."""
    answer = ask(world, "police", **options)
    return json.loads(json.dumps({**answer.to_json(), "lines": answer.lines()}))


@pytest.fixture(scope="module")
def twice(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Told]:
    """By target and question: what is told with it excluded, and with it reserved."""
    world = World(Path(shutil.copytree(shop_folder, tmp_path_factory.mktemp("reserved") / "atlas")))
    case, found = a_case(world), {}
    for name, target in TARGETS.items():
        excluded = {
            question: asked(
                world, **{**options, "without": options.get("without", frozenset()) | {str(target)}}
            )
            for question, options in QUESTIONS.items()
        }
        reserve(world.open("bank"), case.id, [str(target)])
        for question, options in QUESTIONS.items():
            found[name, question] = (excluded[question], asked(world, **options))
        reserve(world.open("bank"), case.id, [str(target)], held=False)
    world.close()
    return found


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("target", TARGETS)
def test_every_key_of_the_answer_is_the_same_for_reserved_and_excluded(
    twice: dict[tuple[str, str], Told], target: str, question: str
) -> None:
    excluded, reserved = twice[target, question]
    assert list(reserved) == list(excluded)
    for key, value in excluded.items():
        assert reserved[key] == value, key


@pytest.mark.parametrize("target", TARGETS)
def test_the_fixture_tells_something_and_the_target_matters(
    twice: dict[tuple[str, str], Told], target: str
) -> None:
    told = {json.dumps(twice[target, question][0]["plan"]) for question in QUESTIONS}
    assert len(told) > 3
    others = {json.dumps(twice[other, "much money"][0]["plan"]) for other in TARGETS}
    assert len(others) > 1


@pytest.mark.parametrize(
    "key", ["alternatives", "what_if", "sensitivity", "coverage", "curve", "band", "unexplained"]
)
def test_what_people_look_at_to_guess_is_in_the_answer(twice: dict[tuple[str, str], Told], key: str) -> None:
    assert key in twice["a shop", "as it stands"][1]


# the work done


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How many statements were read and flows computed meanwhile, by kind: what timing could tell of."""
    work: Counter[str] = Counter()
    flows, cut = harm_module.Harm.run, harm_module.Harm.cut_rows

    def run(self: Any, capacity: Any, **more: Any) -> Any:
        work[f"flows of {capacity.shape}"] += 1
        return flows(self, capacity, **more)

    def rows(self: Any, capacity: Any, *more: Any, **others: Any) -> Any:
        work[f"cuts of {capacity.shape}"] += 1
        return cut(self, capacity, *more, **others)

    def statement(*given: Any) -> None:
        work[given[2]] += 1

    with monkeypatch.context() as patched:
        patched.setattr(harm_module.Harm, "run", run)
        patched.setattr(harm_module.Harm, "cut_rows", rows)
        event.listen(Engine, "before_cursor_execute", statement)
        try:
            yield work
        finally:
            event.remove(Engine, "before_cursor_execute", statement)


def work_of(
    world: World, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> tuple[Counter[str], Counter[str]]:
    """What one question of the police costs: (flows and cuts, statements)."""
    view = load_snapshot(world.open("police"))
    with counted(monkeypatch) as done:
        choke_view(view, ChokeOptions(budget=4.25, **options))
    flows = Counter({name: count for name, count in done.items() if name.startswith(("flows", "cuts"))})
    return flows, done - flows


@pytest.mark.parametrize("target", TARGETS)
def test_a_reserved_target_takes_the_same_flows_as_an_excluded_one(
    market: World, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    excluded, _ = work_of(market, monkeypatch, without=frozenset({str(TARGETS[target])}))
    reserve(market.open("bank"), a_case(market).id, [str(TARGETS[target])])
    assert excluded
    assert work_of(market, monkeypatch)[0] == excluded


@pytest.mark.parametrize("target", ["a shop", "a wallet"])
def test_as_much_is_read_whether_a_hidden_case_holds_a_thing_of_the_map_or_one_beside_it(
    market: World, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    case, read = a_case(market), []
    for thing in ("domain-name:elsewhere.example", str(TARGETS[target]), "domain-name:elsewhere.example"):
        reserve(market.open("bank"), case.id, [thing])
        read.append(work_of(market, monkeypatch)[1])
        reserve(market.open("bank"), case.id, [thing], held=False)
    assert read[0]
    assert read[1] == read[2]


def test_who_holds_the_case_sees_its_target_in_the_plan_and_the_others_do_not(market: World) -> None:
    reserve(market.open("bank"), a_case(market).id, [str(HOST)])
    own, other = (struck(chained(market, member, budget=50.0)) for member in ("bank", "police"))
    assert (str(HOST), "takedown") in own
    assert str(HOST) not in {name for name, _ in other}
