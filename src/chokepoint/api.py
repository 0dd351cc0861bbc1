"""The verbs of the command line for programs: functions over an `Atlas`.

    from chokepoint import api

    atlas = api.open_atlas("atlas", viewer="bank/ann")
    api.collect(atlas, [Path("reports")])
    for route in api.path(atlas, "evil.com", "GOLD LOWELL").routes:
        print(route.belief, route.warnings)

Answers are the frozen dataclasses of the desk; `to_json()` gives what the verb prints with `--json`.
`VERBS` says which functions do the work of which verb.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document
from chokepoint.collect.sources import sources
from chokepoint.desk.analyse import ChokeOptions, choke, load_snapshot
from chokepoint.desk.atlas import Atlas
from chokepoint.desk.connect import connect
from chokepoint.desk.demo import run as _demo
from chokepoint.desk.gather import GatherOptions
from chokepoint.desk.gather import gather as collect
from chokepoint.desk.hand import build as build_package
from chokepoint.desk.hand import export
from chokepoint.desk.handing.dissemination import handed as packages
from chokepoint.desk.handing.dissemination import standing_of as _standing_of
from chokepoint.desk.handing.dissemination import withdraw as recall_package
from chokepoint.desk.handing.publish import read as _read_package
from chokepoint.desk.handing.release import release as release_name
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.hypothesis import (
    add_evidence,
    add_hypotheses,
    find_inquiry,
    inquiries,
    matrix,
    open_inquiry,
    rate,
)
from chokepoint.desk.identity import decide, judgements
from chokepoint.desk.keeping.backup import backup, restore
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.checkpoint import add as add_witnesses
from chokepoint.desk.keeping.checkpoint import check_proof, compare, cosign, issue, prove, request
from chokepoint.desk.keeping.erase import erase, hold, named_by, preview
from chokepoint.desk.looking import check as _check
from chokepoint.desk.looking.extract import extract
from chokepoint.desk.looking.freetext import read_texts
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.member import everybody as members
from chokepoint.desk.member import update as update_member
from chokepoint.desk.network import dismantle_file as dismantle
from chokepoint.desk.network import plan_for as plan
from chokepoint.desk.people.circle import change_group, find_group, groups, leave_group, make_group
from chokepoint.desk.people.staff import appoint, depart, invite, let_go, set_roles, staff
from chokepoint.desk.people.staff import join as accept_invitation
from chokepoint.desk.personal.counts import victims
from chokepoint.desk.personal.looks import log
from chokepoint.desk.personal.role import due as due_reviews
from chokepoint.desk.personal.stating import set_review, state_role
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.desk.watch.access import for_purpose as _for_purpose
from chokepoint.desk.watch.corrected import corrections
from chokepoint.desk.watch.oversight import alarms, flag_safety, held_on, leaked, veto
from chokepoint.desk.work.aftermath import around
from chokepoint.desk.work.case import (
    cases,
    close_case,
    find_case,
    finish_task,
    open_case,
    review_case,
    set_task,
)
from chokepoint.desk.work.impact import add as add_figure
from chokepoint.desk.work.impact import impact
from chokepoint.desk.work.note import Draft, note
from chokepoint.desk.work.operation import act as act_in_operation
from chokepoint.desk.work.operation import add_partners, find_operation, open_operation, operations
from chokepoint.desk.work.operation import set_state as set_operation_state
from chokepoint.desk.work.outcome import Hit, outcomes
from chokepoint.desk.work.outcome import guess as guess_times
from chokepoint.desk.work.outcome import record as record_outcome
from chokepoint.desk.work.outcome import times_for as times
from chokepoint.desk.work.reserve import reserve
from chokepoint.graph.path import Limits
from chokepoint.package.verify import verify as _verify_package
from chokepoint.settings import settings
from chokepoint.wiring import make_atlas
from chokepoint.wiring import open_atlas as _open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar import Litestar

    from chokepoint.desk.demo.run import DemoReport
    from chokepoint.desk.handing.dissemination import Handed
    from chokepoint.desk.looking.check import Line
    from chokepoint.package.outcome import Verification

VERBS: dict[str, tuple[str, ...]] = {
    "init": ("init", "open_atlas"),
    "member": ("members", "update_member"),
    "demo": ("demo",),
    "sources": ("sources",),
    "collect": ("collect",),
    "note": ("note",),
    "extract": ("extract",),
    "check": ("check",),
    "search": ("search", "read_texts"),
    "show": ("show",),
    "path": ("path",),
    "connect": ("connect",),
    "identity": ("judgements", "decide"),
    "hypothesis": (
        *("open_inquiry", "inquiries", "find_inquiry", "add_hypotheses", "add_evidence", "rate", "matrix"),
    ),
    "review": ("queue", "vote", "votes_on"),
    "choke": ("choke", "plan", "load_snapshot"),
    "dismantle": ("dismantle",),
    "outcome": ("record_outcome", "outcomes", "guess_times", "times"),
    "case": (
        "open_case",
        "cases",
        "find_case",
        "set_task",
        "finish_task",
        "reserve",
        "review_case",
        "close_case",
    ),
    "operation": (
        *("open_operation", "operations", "find_operation", "set_operation_state", "add_partners"),
        "act_in_operation",
    ),
    "impact": ("impact", "add_figure", "around"),
    "group": ("groups", "find_group", "make_group", "change_group", "leave_group"),
    "remark": ("remark",),
    "people": ("staff", "invite", "accept_invitation", "set_roles", "let_go", "appoint", "depart"),
    "personal": ("state_role", "set_review", "due_reviews", "victims"),
    "oversee": ("flag_safety", "veto", "held_on", "alarms", "leaked"),
    "log": ("log", "corrections"),
    "serve": ("web_desk",),
    "package": (
        *("build_package", "verify_package", "packages", "package_standing", "recall_package"),
        "release_name",
    ),
    "export": ("export",),
    "prove": ("prove", "check_proof"),
    "verify": ("verify",),
    "checkpoint": ("issue", "request", "add_witnesses", "compare"),
    "witness": ("cosign",),
    "backup": ("backup",),
    "restore": ("restore",),
    "erase": ("erase", "preview", "named_by", "hold"),
}
"""Verb of the command line → functions that do its work."""

__all__ = [
    "VERBS", "Atlas", "ChokeOptions", "Document", "Draft", "GatherOptions", "Hit", "Limits",
    "accept_invitation", "act_in_operation", "add_evidence", "add_figure", "add_hypotheses", "add_partners",
    "add_witnesses", "alarms", "appoint", "around", "backup", "build_package", "cases", "change_group",
    "check", "check_proof", "choke", "close_case", "collect", "compare", "connect", "corrections", "cosign",
    "decide",
    "demo", "depart", "dismantle", "due_reviews", "erase", "export", "extract", "find_case", "find_group",
    "find_inquiry", "find_operation", "finish_task", "flag_safety", "groups", "guess_times", "held_on",
    "hold", "impact", "init", "inquiries", "invite", "issue", "judgements", "leaked", "leave_group",
    "let_go", "load_snapshot", "log", "make_group", "matrix", "members", "named_by", "note", "open_atlas",
    "open_case", "open_inquiry", "open_operation", "operations", "outcomes", "package_standing", "packages",
    "path", "plan", "preview", "prove", "queue", "rate", "read_texts", "recall_package",
    "record_outcome", "release_name",
    "remark", "request", "reserve", "restore", "review_case", "search", "set_operation_state", "set_review",
    "set_roles", "set_task", "show", "sources", "staff", "state_role", "times", "update_member", "verify",
    "verify_package", "veto", "victims", "vote", "votes_on", "web_desk",
]  # fmt: skip


def init(folder: Path | str, organisation: str) -> Atlas:
    """A new atlas in a folder with an organisation as its member, or that member more in one that is there.

    Raises:
        RefusedError: the folder holds something that is no atlas.
    """
    return make_atlas(settings(str(folder), organisation))


def open_atlas(
    folder: Path | str, *, viewer: str | None = None, case: str | None = None, full: str | None = None
) -> Atlas:
    """The atlas of a folder as `ORG` or `ORG/USER` sees it; as its first member when nobody is named.

    Args:
        folder: where it is, or the address of its database.
        viewer: who looks.
        case: id of the case for which is looked, which stands beside every look in the log.
        full: why natural persons are shown in full for that case; without it they are minimised.

    Raises:
        NotFoundError: there is none, or no such case of the viewer's.
        RefusedError: persons are asked for in full by who may not see them so.
    """
    return _for_purpose(_open(settings(str(folder), viewer, case, unfold=full)))


def check(atlas: Atlas, document: Document | str) -> list[Line]:
    """What the viewer's map says of a pasted text or of a document, line by line.

    Lone surrogates, which no file can hold, are read as question marks.
    """
    if isinstance(document, str):
        document = Document(path="pasted text", data=document.encode("utf-8", "replace"))
    return _check.check(atlas, document)


def demo(out: Path, *, corpus: Path | None = None, say: Callable[[str], None] = print) -> DemoReport:
    """The main job on real data, from files to a report; `say` is told what is done, line by line."""
    return _demo(out, corpus=corpus, make=init, say=say)


def web_desk(atlas: Atlas, *origins: str) -> Litestar:
    """The web desk of an atlas as an ASGI application, for a server of one's own.

    Args:
        atlas: who opened it has no part in it: people sign in.
        origins: how people come, `https://desk.example`; requests for other hosts are not answered.
    """
    from chokepoint.web.app import build  # noqa: PLC0415 - the other verbs need nothing of the web
    from chokepoint.web.office import open_office  # noqa: PLC0415 - the same

    return build(open_office(atlas, origins))


def verify_package(
    package: Path | Mapping[str, bytes], trusted: Mapping[str, str] | None = None
) -> Verification:
    """What holds of a package in a folder, or of its files by name; needs no atlas.

    Args:
        package: the folder, or bytes by relative name.
        trusted: public keys of organisations, in hexadecimal, from elsewhere than the package.
    """
    return _verify_package(_read_package(package) if isinstance(package, Path) else package, trusted)


def package_standing(atlas: Atlas, package: Path | Mapping[str, bytes]) -> Handed:
    """What of a package, in a folder or as files by name, was recalled, disputed or corrected since.

    Raises:
        LedgerError: there is no package, or its manifest cannot be read.
        NotFoundError: it was made from another atlas.
    """
    return _standing_of(atlas, _read_package(package) if isinstance(package, Path) else package)
