"""Published leaks of peers replayed on the desk: whose rights reach whose things, whatever ids are sent."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peer_rows import peer
from peer_world import ABSENT, Theirs, opened, records
from web_world import EVIL, SECRET, say

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.circle import change_group, groups, make_group
from chokepoint.desk.people.staff import set_roles, staff
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.errors import ChokepointError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer, may_see
from chokepoint.model.role import Role
from chokepoint.store.visible import resolved

if TYPE_CHECKING:
    from web_desk import Web


# --- one id authorised, another changed ---


@peer("CVE-2026-56424")
@pytest.mark.parametrize("body", ["case", "operation", "group", "claim"])
def test_every_write_route_refuses_a_child_that_is_not_ones_own(theirs: Theirs, body: str):
    """Of every form of the desk, with the id of somebody else's thing in its address and in its every field."""
    target = getattr(theirs, body)
    own = ("/case", "/operation", "/member/groups", "/access", "/account/keys", "/package/verify")
    for route in theirs.web.app.routes:
        if (
            "POST" not in getattr(route, "methods", ()) or route.path in own
        ):  # these name nothing that there is
            continue
        if not route.path.startswith(("/case", "/operation", "/review", "/member", "/account", "/package")):
            continue
        path = re.sub(r"\{name:str\}", target, route.path)
        answer = theirs.tried(path, name=target, claim=target, group=target, entity=target, user=target,
                              case=target, target=target, recipients=target, confirm="confirm", word="confirm",
                              reason="ours now", done="1", add="vendor", state="done", mode="takedown", on="")  # fmt: skip
        assert answer.status_code not in {200, 201} or "ours now" not in answer.text, path
        assert answer.status_code < 500, path


@peer("CVE-2026-56424")
def test_a_thing_of_ones_own_takes_no_child_of_another_along(theirs: Theirs):
    """The parent is one's own, the child is not: a ticked claim that is hidden, a case with a task of another."""
    known = show(opened(theirs.web, "vendor"), "evil.com").evidence[0].stored.id
    before = votes_on(opened(theirs.web, "police"), [theirs.claim]).get(theirs.claim, [])
    answer = theirs.tried("/review/together", claim=[known, theirs.claim], word="confirm", reason="seen")
    assert answer.status_code in {400, 404}
    assert votes_on(opened(theirs.web, "police"), [theirs.claim]).get(theirs.claim, []) == before
    absent = theirs.tried("/review/together", claim=[known, ABSENT], word="confirm", reason="seen")
    assert absent.status_code == answer.status_code


@peer("CVE-2026-21886")
def test_an_id_of_one_kind_is_nothing_on_the_route_of_another(theirs: Theirs):
    ids = {"case": theirs.case, "operation": theirs.operation, "group": theirs.group, "claim": theirs.claim}
    bank = theirs.web.signed_in("bank")  # who owns them all, so that only the kind is wrong
    bank.get("/")
    routes = {
        "case": ("/case/{}/change", {"task": "x"}),
        "operation": ("/operation/{}/change", {"state": "done"}),
        "group": ("/member/groups/change", {"name": "{}", "add": "vendor"}),
        "claim": ("/review", {"claim": "{}", "word": "confirm", "reason": "x"}),
        "key": ("/account/keys/revoke", {"name": "{}"}),
        "package": ("/package/{}", {}),
    }
    for wanted, (path, fields) in routes.items():
        for kind, one in ids.items():
            if kind == wanted:
                continue
            before = records(theirs.web)
            answer = bank.post(path.format(one), **{name: text.format(one) for name, text in fields.items()})
            assert records(theirs.web) == before, (wanted, kind)
            assert answer.status_code in {303, 400, 404, 405}, (wanted, kind)


# --- what is counted, matched and offered ---


@peer("CVE-2020-14969")
@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/search?q={}&part=1",
        "/entity?of={}",
        "/path?start=evil.com&goal={}",
        "/review?claim={}",
        "/source?claim={}",
        "/map?of={}",
        "/choke?without={}",
        "/access/subject?of={}",
        "/member/one?name={}",
    ],
)
def test_no_page_counts_matches_or_offers_what_is_hidden(theirs: Theirs, path: str):
    """A hidden name and a name that does not exist read alike, but for the name itself."""
    bank = theirs.web.signed_in("bank")
    told = [bank.get(path.format(name)) for name in ("hidden+hand", "absent+hand")]
    assert told[0].status_code == told[1].status_code
    texts = [re.sub(r'="[A-Za-z0-9_.=-]{30,}"', "", one.text) for one in told]  # tokens of forms
    assert re.sub(r"hidden((?: |\+|%20)hand)", r"absent\1", texts[0]) == texts[1]


@peer("CVE-2020-14969")
@pytest.mark.parametrize("verb", ["begin", "branches", "expand", "path"])
def test_no_answer_of_the_canvas_does_either(theirs: Theirs, verb: str):
    bank = theirs.web.signed_in("bank")
    told = []
    for name in ("group:hidden hand", "group:absent hand"):
        asked = {"begin": {"text": name}, "branches": {"name": name}, "expand": {"name": name, "have": []},
                 "path": {"start": "domain-name:evil.com", "goal": name}}[verb]  # fmt: skip
        bank.get("/")
        answer = bank.ask("POST", f"/api/v1/map/{verb}", json=asked, headers={"x-csrf-token": bank.token()})
        told.append((answer.status_code, answer.text.replace("hidden", "absent")))
    assert told[0] == told[1]


@peer("CVE-2020-15411")
def test_every_route_that_serves_bytes_asks_the_same_question(theirs: Theirs):
    """Source, proof, export and package of a hidden claim are as those of none."""
    bank = theirs.web.signed_in("bank")
    for path in ("/source?claim={}", "/ledger/proof?record={}", "/review?claim={}", "/package/{}", "/case/{}",
                 "/collect/{}", "/api/v1/map/views/{}"):  # fmt: skip
        hidden, absent = (bank.get(path.format(one)) for one in (theirs.claim, ABSENT))
        assert hidden.status_code == absent.status_code, path
        assert b"The Hand" not in hidden.content, path
        assert b"informant" not in hidden.content.lower(), path
    bank.get("/map")
    wish = {"form": "csv", "names": [str(EVIL), str(SECRET)]}
    answer = bank.ask("POST", "/api/v1/map/export", json=wish, headers={"x-csrf-token": bank.token()})
    assert b"hidden hand" not in answer.content


# --- groups ---

MEMBERS = ("bank", "police", "vendor")


@peer("CVE-2021-27904")
@settings(max_examples=12, deadline=None)
@given(first=st.sets(st.sampled_from(MEMBERS)), then=st.sets(st.sampled_from(MEMBERS)), order=st.booleans())
def test_the_readers_of_a_group_are_those_on_its_list_whatever_became_of_it(
    theirs: Theirs, first, then, order
):
    atlas = opened(theirs.web, "bank")
    group = make_group(atlas, "changing", sorted(first | {"bank"}))
    change = {"add": sorted(then - first), "remove": sorted((first - then) - {"bank"})}
    for name in ("add", "remove") if order else ("remove", "add"):
        if change[name]:
            change_group(atlas, group.scope, **{name: change[name]})
    declared = set(next(one for one in groups(atlas) if one.scope == group.scope).members)
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({group.scope}))
    with atlas.engine.connect() as connection:
        viewers = {name: resolved(connection, Viewer(organisation=name)) for name in MEMBERS}
    readers = {name for name, viewer in viewers.items() if may_see(viewer, marking, "nobody")}
    assert readers == declared == (then | {"bank"})


@peer("CVE-2021-31780")
@pytest.mark.parametrize("name", ["1", "0", "-1", "circle", "CIRCLE", "", "*", "all", "group:1", "%"])
def test_a_group_that_one_is_not_in_is_reached_by_no_number_and_no_name(theirs: Theirs, name: str):
    vendor = opened(theirs.web, "vendor")
    with pytest.raises(ChokepointError):
        change_group(vendor, name, add=["vendor"])
    with pytest.raises(ChokepointError):
        change_group(vendor, theirs.group, add=["vendor"])
    assert (
        "vendor"
        not in next(one for one in groups(opened(theirs.web, "bank")) if one.scope == theirs.group).members
    )


@peer("CVE-2019-9482")
def test_votes_on_a_claim_have_the_readers_of_the_claim(theirs: Theirs):
    say(opened(theirs.web, "police"), "Two of us", Marking(tlp=Tlp.RED, audience=frozenset({"bank"})),
        ((Entity("domain-name", "shared.example"), "alias", "Both"),))  # fmt: skip
    one = show(opened(theirs.web, "bank"), "shared.example").evidence[0].stored.id
    vote(opened(theirs.web, "bank"), [one], Vote.DISPUTE, "we know better")
    assert votes_on(opened(theirs.web, "bank"), [one])[one]
    assert votes_on(opened(theirs.web, "vendor"), [one]) == {}
    assert "know better" not in theirs.vendor.get("/review/record").text
    assert "know better" not in theirs.vendor.get("/entity?of=shared.example").text


@peer("CVE-2023-50918")
def test_the_log_of_looks_shows_nobody_what_they_may_not_see(theirs: Theirs):
    theirs.web.signed_in("police").get("/entity?of=group:hidden+hand")
    for path in ("/access", "/access?about=group:hidden+hand", "/access?who=police"):
        assert "<bdi>police</bdi>" not in theirs.web.signed_in("bank").get(path).text, path
        assert "hidden hand" not in re.sub(r'value="[^"]*"', "", theirs.vendor.get(path).text), path


# --- rights only grow from above ---


@peer("CVE-2019-12794")
@pytest.mark.parametrize(
    ("path", "user"),
    [
        (f"/member/people/{verb}", user)
        for verb in ("roles", "leave", "appoint")
        for user in ("ann", "bank/ann", "vendor/vic", "vic", "bank", "")
        if (verb, user) != ("leave", "vic")  # to leave oneself is everybody's right
    ],
)
def test_an_administrator_edits_nobody_of_another_house_and_not_themselves(
    theirs: Theirs, path: str, user: str
):
    before = {one.user: one.roles for one in staff(opened(theirs.web, "bank"), whole=True)}
    answer = theirs.tried(path, user=user, role="overseer", reason="x")
    assert answer.status_code in {400, 403, 404}
    assert {one.user: one.roles for one in staff(opened(theirs.web, "bank"), whole=True)} == before


@peer("CVE-2026-44730")
def test_no_act_of_an_administrator_gives_anybody_more_than_their_house_has(fresh: Web):
    """The administrator invites and promotes; whoever of theirs becomes an overseer was appointed from above."""
    fresh.hired("vendor/vic", Role.ADMINISTRATOR)
    fresh.hired("vendor/eve", Role.INVESTIGATOR)
    vic = opened(fresh, "vendor/vic")
    for person, role in product(("eve", "bank/ann"), Role):
        before = {one.user: one.roles for one in staff(vic)}
        try:
            set_roles(vic, person, [role])
        except ChokepointError:
            assert {one.user: one.roles for one in staff(vic)} == before
        else:
            assert person == "eve"
            assert role not in {Role.OVERSEER, Role.COORDINATOR}


@peer("CVE-2017-18376")
def test_a_form_about_oneself_changes_no_right_whatever_fields_it_has(theirs: Theirs):
    before = {one.user: one.roles for one in staff(opened(theirs.web, "vendor"), whole=True)}
    more = {"role": "overseer", "roles": "overseer", "organisation": "bank", "user": "ann", "admin": "1",
            "is_admin": "true", "viewer": "bank/ann", "who": "bank/ann", "password": "other words here now",
            "person": "bank/ann", "scopes": "look", "unfold": "1", "purpose": theirs.case}  # fmt: skip
    for path in ("/look", "/work", "/account/keys", "/account/keys/revoke", "/member/people/leave"):
        for method in ("POST", "PATCH", "PUT"):
            if (path, method) == ("/member/people/leave", "POST"):
                continue
            theirs.vendor.ask(method, path, data={"csrf": theirs.vendor.token()} | more)
    assert {one.user: one.roles for one in staff(opened(theirs.web, "vendor"), whole=True)} == before
    assert theirs.vendor.get("/entity?of=group:hidden+hand").status_code == 404
