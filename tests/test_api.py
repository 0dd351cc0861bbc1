"""The verbs for programs: every verb has its functions, and they do what the command line does."""

from __future__ import annotations

import inspect
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chokepoint
from chokepoint import api
from chokepoint.cli.main import VERBS
from chokepoint.desk.work.case import Case
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.role import Role
from cli_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSEEN = Path(__file__).parent / "data" / "unseen"
SITE, WALLET, GANG = "copperlantern-invest.com", "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG", "group:copper lantern"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas of three members into which the bank took two sources, made by functions alone."""
    made = tmp_path_factory.mktemp("api") / "atlas"
    for organisation in ("bank", "police", "vendor"):
        close(api.init(made, organisation))
    atlas = api.open_atlas(made, viewer="bank")
    report = api.collect(atlas, [UNSEEN / "blacklist", UNSEEN / "packs"])
    assert report.new > 0
    close(atlas)
    return made


@pytest.fixture
def atlas(folder: Path) -> Iterator[api.Atlas]:
    """The atlas as the bank sees it."""
    opened = api.open_atlas(folder, viewer="bank")
    yield opened
    close(opened)


@pytest.fixture
def desk(folder: Path) -> Desk:
    """The same atlas at the command line."""
    return Desk(folder)


def close(atlas: api.Atlas) -> None:
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


COMMANDS = [verb for section in VERBS.values() for verb in section]


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_verb_of_the_command_line_has_functions_for_programs(verb: str):
    assert verb in api.VERBS, f"name the functions of {verb!r} in chokepoint.api.VERBS"
    for name in api.VERBS[verb]:
        function = getattr(api, name)
        assert name in api.__all__
        assert callable(function)
        assert not inspect.isclass(function)
        assert (function.__doc__ or "").strip()
        assert inspect.signature(function).return_annotation != inspect.Signature.empty


def test_there_is_no_function_for_a_verb_that_is_none():
    assert sorted(api.VERBS) == sorted(COMMANDS)


def test_everything_offered_is_there():
    assert sorted(api.__all__) == sorted(set(api.__all__))
    assert all(hasattr(api, name) for name in api.__all__)
    assert {name for names in api.VERBS.values() for name in names} <= set(api.__all__)


def test_the_package_loads_its_functions_only_when_asked():
    script = "import sys, chokepoint; assert 'numpy' not in sys.modules; chokepoint.api.show; print('loaded')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "loaded\n"), done.stderr
    with pytest.raises(AttributeError, match="nonsense"):
        chokepoint.nonsense  # noqa: B018 - that it is absent is the test


def same(desk: Desk, told: Any, *words: str) -> None:
    """The function's answer is what the verb prints."""
    assert json.loads(json.dumps(told)) == desk.json(*words)


def test_looking_gives_what_the_command_line_prints(atlas: api.Atlas, desk: Desk):
    same(desk, api.show(atlas, SITE).to_json(), "show", SITE)
    same(desk, api.path(atlas, SITE, GANG).to_json(), "path", SITE, GANG)
    same(desk, api.choke(atlas).to_json(), "choke")
    assert api.read_texts(atlas)
    hits = [hit.to_json() for hit in api.search(atlas, "lantern")]
    same(desk, {"query": "lantern", "hits": hits, "unread": False}, "search", "lantern")


def test_a_path_is_bound_by_the_limits_that_it_is_given(atlas: api.Atlas):
    assert api.path(atlas, SITE, GANG).routes
    assert not api.path(atlas, SITE, GANG, limits=api.Limits(max_hops=1)).routes
    assert not api.path(atlas, SITE, GANG, limits=api.Limits(accepted_only=True)).routes


@pytest.mark.parametrize("odd", [0xD800, 0xDC80, 0xDFFF], ids=["high", "low", "last"])
def test_a_lone_surrogate_in_a_pasted_text_costs_nothing_beside_it(atlas: api.Atlas, odd: int):
    plain = [line.to_json() for line in api.check(atlas, f"pay to {WALLET}\nsee {SITE}")]
    assert [line.to_json() for line in api.check(atlas, f"pay to {WALLET}\nsee {SITE}\n{chr(odd)}")] == plain


def test_a_text_and_a_document_are_checked_alike(atlas: api.Atlas):
    text = f"pay to {WALLET}\nsee {SITE}"
    pasted = [line.to_json() for line in api.check(atlas, text)]
    document = api.Document(path="pasted text", data=text.encode())
    assert pasted == [line.to_json() for line in api.check(atlas, document)]
    assert {
        found["entity"] if "entity" in found else found["value"] for line in pasted for found in line["found"]
    }


def test_who_looks_is_named_when_the_atlas_is_opened(folder: Path):
    for viewer, wanted in (("police/ann", ("police", "ann")), (None, ("bank", ""))):
        opened = api.open_atlas(folder, viewer=viewer)
        assert (opened.viewer.organisation, opened.viewer.user) == wanted
        close(opened)


def test_where_there_is_no_atlas_none_is_opened_and_none_is_made(tmp_path: Path):
    with pytest.raises(NotFoundError):
        api.open_atlas(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(RefusedError):
        api.init(tmp_path / "file", "bank")


def test_deciding_changes_what_is_seen(folder: Path, tmp_path: Path):
    own = tmp_path / "own"
    shutil.copytree(folder, own)
    bank = api.open_atlas(own, viewer="bank")
    claims = [one.stored.id for one in api.show(bank, SITE).evidence]
    for member in ("police", "vendor"):
        voter = api.open_atlas(own, viewer=member)
        assert {claim.id for claim in api.queue(voter, limit=500)} & set(claims)
        api.vote(voter, claims, Vote.CONFIRM, "seen in our own cases")
        close(voter)
    assert set(api.votes_on(bank, claims)) == set(claims)
    assert {one.standing.verdict.value for one in api.show(bank, SITE).evidence} == {"accepted"}
    api.decide(bank, (GANG, f"crypto-address:{WALLET}"), Sameness.DIFFERENT, reason="a wallet is no gang")
    assert [one.sameness for one in api.judgements(bank, GANG)] == ["different"]
    opened = api.open_case(bank, Case(id="", title="t", purpose="p", owner="ann", review_date="2099-01-01"))
    assert [case.id for case in api.cases(bank)] == [opened.id]
    assert api.connect(bank).to_json()
    built = tmp_path / "package"
    api.build_package(bank, SITE, built)
    assert api.verify_package(built) == api.verify_package(files(built))
    out = io.BytesIO()
    api.export(bank, "csv", out)
    assert SITE.encode() in out.getvalue()
    assert api.verify(bank)
    close(bank)


def files(package: Path) -> dict[str, bytes]:
    return {
        one.relative_to(package).as_posix(): one.read_bytes() for one in package.rglob("*") if one.is_file()
    }


def test_what_needs_no_atlas_is_asked_of_files_alone(tmp_path: Path):
    (tmp_path / "a.txt").write_text("see evil-site.com")
    [found] = api.extract([tmp_path / "a.txt"])
    assert [one["value"] for one in found.to_json()["indicators"]] == ["evil-site.com"]
    edges = tmp_path / "edges.csv"
    edges.write_text("a,b\nb,c\nc,d\nb,d\n")
    assert set(api.dismantle(edges).to_json()["order"]) <= {"a", "b", "c", "d"}
    assert api.sources()


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of the atlas, to change who is who in it."""
    return Path(shutil.copytree(folder, tmp_path / "own"))


def test_programs_invite_people_and_read_who_looked_for_which_case(own: Path):
    home = api.open_atlas(own)
    token = api.invite(home, "ann", [Role.INVESTIGATOR])
    joined = api.open_atlas(own, viewer="bank/ann")
    assert api.accept_invitation(joined, token).state == "active"
    case = api.open_case(joined, Case(id="", title="t", purpose="p", owner="ann", review_date="2099-01-01"))
    looking = api.open_atlas(own, viewer="bank/ann", case=case.id)
    api.show(looking, SITE)
    seen = api.log(looking)[0]
    assert (seen.who, seen.entry.verb, seen.entry.asked, seen.entry.purpose) == (
        "bank/ann",
        "show",
        SITE,
        case.id,
    )
    assert [one.user for one in api.staff(home)] == ["ann"]
    assert api.log(api.open_atlas(own, viewer="police")) == []
    for opened in (home, joined, looking):
        close(opened)


def test_nobody_looks_for_a_case_that_is_not_theirs(own: Path):
    with pytest.raises(NotFoundError, match="no such case"):
        api.open_atlas(own, viewer="police", case="case-" + "0" * 16)


def test_programs_withhold_what_an_overseer_vetoes_until_it_is_lifted(own: Path):
    home = api.open_atlas(own)
    api.appoint(home, "police/olga", Role.OVERSEER)
    overseer = api.open_atlas(own, viewer="police/olga")
    entity = Entity("domain-name", SITE)
    with pytest.raises(RefusedError, match="only an overseer"):
        api.veto(home, entity, "an innocent's shop")
    api.veto(overseer, entity, "an innocent's shop")
    assert api.held_on(overseer, entity).is_withheld
    api.veto(overseer, entity, "it is none", lift=True)
    assert not api.held_on(overseer, entity).is_withheld
    api.flag_safety(home, entity, "a threat")
    assert api.held_on(overseer, entity).is_withheld
    assert api.alarms(overseer) == []
    assert api.leaked(overseer, "no name of a copy") == []
    close(home)
    close(overseer)


def test_programs_share_with_a_group_and_leave_it(own: Path):
    home = api.open_atlas(own)
    made = api.make_group(home, "Scam desk", ["police"])
    police = api.open_atlas(own, viewer="police")
    assert [one.name for one in api.groups(police)] == ["Scam desk"]
    assert api.find_group(police, made.name).name == "Scam desk"
    api.leave_group(police, "Scam desk")
    assert api.groups(police) == []
    api.change_group(home, "Scam desk", add=["police"])
    assert [one.name for one in api.groups(police)] == ["Scam desk"]
    close(home)
    close(police)
