"""Links between accounts: who makes one, by what, who loses it, and that nothing but a link signs in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local_provider import ANN, address_in
from web_desk import PASSWORD

from chokepoint.desk.people.staff import invite, let_go
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.web.signin.anew import OPENING
from chokepoint.web.signin.keys import Keys
from chokepoint.web.signin.link import Links
from chokepoint.web.signin.oidc.journey import PATIENCE
from chokepoint.web.signin.oidc.token import LONGEST, Subject

BANK = Viewer(organisation="bank")
BOB = Viewer(organisation="bank", user="bob")


def subjects(abroad):
    return abroad.web.office.party.subjects


def links(abroad, person, sub="s-1", name="work"):
    """The whole way to a link from the account's page."""
    provider = abroad.work if name == "work" else abroad.club
    address = abroad.sets_out(person, f"/account/provider/{name}")
    return abroad.comes_back(person, provider.authorise(address, sub), name)


def test_whoever_is_signed_in_links_and_gets_in_by_it_next_time(abroad):
    person = abroad.web.signed_in("bank/ann")
    assert links(abroad, person).headers["location"] == "/account"
    assert "Work &amp; &lt;Co&gt;" in person.get("/account").text
    assert abroad.subject().subject not in person.page
    other = abroad.web.visitor()
    assert abroad.signs_in(other).status_code == 303
    assert abroad.who_is_in(other) == "bank/ann"


def test_only_whoever_is_signed_in_can_set_out_to_link(abroad):
    person = abroad.web.visitor()
    person.get("/sign-in")
    assert person.post("/account/provider/work").headers["location"].startswith("/sign-in")
    assert abroad.work.asked == []


def test_linking_takes_a_form_of_the_desk(abroad):
    person = abroad.web.signed_in("bank/ann")
    person.get("/account")
    assert person.post("/account/provider/work", csrf="x").status_code == 403
    assert person.get("/account/provider/work").status_code == 405


def test_a_stranger_cannot_have_their_account_linked_to_somebody_elses_session(abroad):
    eve, ann = abroad.web.signed_in("police"), abroad.web.signed_in("bank/ann")
    back = abroad.work.authorise(abroad.sets_out(eve, "/account/provider/work"), "eve")
    assert abroad.comes_back(ann, back).status_code == 401
    assert subjects(abroad).of(ANN) == []


def test_signing_in_never_links_even_while_somebody_is_in(abroad):
    person = abroad.web.signed_in("bank/ann")
    assert abroad.signs_in(person, "s-9").status_code == 401
    assert subjects(abroad).of(ANN) == []
    assert abroad.who_is_in(person) == "bank/ann", "what fails changes nothing"


def test_a_link_is_not_made_once_the_session_is_over(abroad):
    person = abroad.web.signed_in("bank/ann")
    back = abroad.work.authorise(abroad.sets_out(person, "/account/provider/work"), "s-1")
    abroad.web.office.sessions.end_all(ANN)
    assert abroad.comes_back(person, back).status_code == 401
    assert subjects(abroad).of(ANN) == []


def test_a_link_is_not_made_after_ten_minutes(abroad):
    person = abroad.web.signed_in("bank/ann")
    back = abroad.work.authorise(abroad.sets_out(person, "/account/provider/work"), "s-1")
    abroad.web.clock.passes(PATIENCE)
    assert abroad.comes_back(person, back).status_code == 401
    assert subjects(abroad).of(ANN) == []


def test_an_account_that_is_linked_is_linked_to_nobody_else(abroad, ann):
    other = abroad.web.signed_in("police")
    assert links(abroad, other).status_code == 401
    assert subjects(abroad).who(abroad.subject()) == ANN


def test_linking_twice_is_linking_once(abroad):
    person = abroad.web.signed_in("bank/ann")
    for _ in range(2):
        assert links(abroad, person).status_code == 303
    assert len(subjects(abroad).of(ANN)) == 1


def test_one_person_may_have_accounts_at_several_providers(abroad):
    person = abroad.web.signed_in("bank/ann")
    links(abroad, person, "s-1", "work")
    links(abroad, person, "s-7", "club")
    assert {one.issuer for one in subjects(abroad).of(ANN)} == {abroad.work.issuer, abroad.club.issuer}
    other = abroad.web.visitor()
    back = abroad.club.authorise(abroad.sets_out(other, "/sign-in/with/club"), "s-7")
    assert abroad.comes_back(other, back, "club").status_code == 303


def test_a_link_is_taken_away_by_its_owner_alone(abroad, ann):
    name = subjects(abroad).of(ANN)[0].name
    eve = abroad.web.signed_in("police")
    eve.get("/account")
    assert "/account/providers/remove" not in eve.page
    assert eve.post("/account/providers/remove", name=name).status_code == 404
    owner = abroad.web.signed_in("bank/ann")
    owner.get("/account")
    assert owner.post("/account/providers/remove", name=name).status_code == 303
    assert abroad.signs_in(ann).status_code == 401


@pytest.mark.parametrize("name", ["", "0", "x", "1 OR 1", "' OR ''='", "é" * 100])
def test_a_link_that_is_none_cannot_be_taken_away(abroad, ann, name):
    with pytest.raises(NotFoundError):
        subjects(abroad).remove(ANN, name)
    assert subjects(abroad).who(abroad.subject()) == ANN


def test_a_link_of_a_provider_that_is_gone_is_shown_by_its_issuer_and_can_go(abroad, ann):
    gone = Subject(issuer="https://gone.test", subject="s")
    subjects(abroad).link(gone, ANN)
    person = abroad.web.signed_in("bank/ann")
    assert "gone[.]test" in person.get("/account").text
    name = next(one.name for one in subjects(abroad).of(ANN) if one.issuer == gone.issuer)
    assert person.post("/account/providers/remove", name=name).status_code == 303
    assert subjects(abroad).who(gone) is None


def test_the_number_of_a_link_is_not_used_again(abroad, ann):
    before = subjects(abroad).of(ANN)[0].name
    subjects(abroad).remove(ANN, before)
    abroad.link()
    assert subjects(abroad).of(ANN)[0].name != before


def invited(alone, who="bank/bob"):
    """Somebody who opened their invitation, and its token."""
    token, person = alone.web.invited(who), alone.web.visitor()
    assert person.get(f"/join/{who}/{token}").status_code == 200
    return person, token


def joins(alone, person, token, who="bank/bob", sub="b-1"):
    answer = person.post("/join/with/work", who=who, token=token)
    return alone.comes_back(person, alone.work.authorise(address_in(answer.text), sub))


def test_an_invitation_is_accepted_with_a_provider_and_no_password(alone):
    person, token = invited(alone)
    assert "/join/with/work" in person.page
    assert joins(alone, person, token).headers["location"] == "/"
    assert alone.who_is_in(person) == "bank/bob"
    assert alone.web.office.register.row("SELECT * FROM passwords WHERE person = 'bob'") is None
    again = alone.web.visitor()
    assert alone.signs_in(again, "b-1").status_code == 303
    assert alone.who_is_in(again) == "bank/bob"


@pytest.mark.parametrize(
    ("who", "token"),
    [
        pytest.param("bank/bob", "0" * 48, id="no such token"),
        pytest.param("bank/eve", "", id="nobody was invited"),
        pytest.param("bank/ann", "", id="works here already"),
        pytest.param("stranger/bob", "", id="an organisation that is not served"),
        pytest.param("", "", id="nobody"),
    ],
)
def test_an_invitation_that_does_not_hold_links_nobody(alone, who, token):
    person, real = invited(alone)
    assert joins(alone, person, token or real, who).status_code == 401
    assert subjects(alone).who(alone.subject("b-1")) is None
    assert alone.who_is_in(person) == ""
    assert joins(alone, person, real).status_code == 303, "and the invitation is not used up"


def test_an_account_that_is_linked_accepts_no_invitation_and_uses_none_up(alone):
    alone.link()
    person, token = invited(alone)
    assert joins(alone, person, token, sub="s-1").status_code == 401
    assert subjects(alone).who(alone.subject()) == ANN
    assert joins(alone, person, token).status_code == 303


def test_an_invitation_is_accepted_once(alone):
    person, token = invited(alone)
    assert joins(alone, person, token).status_code == 303
    other = alone.web.visitor()
    other.get(f"/join/bank/bob/{token}")
    assert joins(alone, other, token, sub="e-1").status_code == 401
    assert subjects(alone).who(alone.subject("e-1")) is None


def test_what_travels_with_an_invitation_is_kept_nowhere_as_it_is(alone):
    person, token = invited(alone)
    person.post("/join/with/work", who="bank/bob", token=token)
    alone.web.office.register.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert token.encode() not in (alone.web.atlas.folder / "web.sqlite").read_bytes()


def test_whoever_takes_up_a_name_again_shares_no_way_in_with_whoever_had_it(alone):
    office = alone.web.office
    alone.link()
    office.register.change("INSERT INTO passkeys VALUES (x'01', 'bank', 'ann', x'00', 0, 'old', 0)")
    old_key = Keys(office.register).make(ANN, "old", ["look"], 300)
    old_link = Links(office.register).make(ANN)
    let_go(office.opened_by(BANK), "ann")
    token = invite(office.opened_by(BANK), "ann", [Role.VETTER])
    person = alone.web.visitor()
    person.get(f"/join/bank/ann/{token}")
    assert person.post("/join", who="bank/ann", token=token, password=PASSWORD).status_code == 303
    assert alone.signs_in(alone.web.visitor()).status_code == 401
    assert Keys(office.register).find(old_key) is None
    assert Links(office.register).use(old_link) is None
    assert office.register.row("SELECT * FROM passkeys") is None
    assert alone.who_is_in(person) == "bank/ann"


def test_every_table_that_names_a_person_is_emptied_for_whoever_begins_anew(abroad):
    register = abroad.web.office.register
    tables = [row["name"] for row in register.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    naming = {
        table
        for table in tables
        if any(row["name"] == "person" for row in register.rows(f"PRAGMA table_info({table})"))
    }
    assert naming == set(OPENING)


def test_whoever_left_and_comes_to_another_desk_takes_their_account_along(alone):
    alone.link()
    let_go(alone.web.office.opened_by(BANK), "ann")
    person, token = invited(alone)
    assert joins(alone, person, token, sub="s-1").status_code == 303
    assert alone.who_is_in(person) == "bank/bob"
    assert subjects(alone).of(ANN) == []


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)
pairs = st.tuples(st.sampled_from(["work", "club"]), names | st.sampled_from(["s-1", "S-1", "s-1 ", "ѕ-1"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(linked=st.dictionaries(pairs, st.sampled_from([ANN, BANK, BOB]), max_size=6), asked=pairs)
def test_nothing_but_an_exact_pair_finds_a_person(abroad, linked, asked):
    known = subjects(abroad)
    abroad.web.office.register.change("DELETE FROM subjects")
    issuers = {"work": abroad.work.issuer, "club": abroad.club.issuer}
    for (name, sub), viewer in linked.items():
        known.link(Subject(issuer=issuers[name], subject=sub), viewer)
    assert known.who(Subject(issuer=issuers[asked[0]], subject=asked[1])) == linked.get(asked)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["work", "club"]),
    sub=st.sampled_from(["s-1", "s-2", "S-1", "s-1 ", "bank/ann", "s" * LONGEST, "ѕ-1"]),
    told=st.fixed_dictionaries(
        {},
        optional={
            "email": st.just("ann@bank.test"),
            "preferred_username": st.just("bank/ann"),
            "name": st.just("s-1"),
            "groups": st.just(["admin"]),
            "iss": st.sampled_from(["https://login.work.test", "https://club.test/realm"]),
        },
    ),
)
def test_nothing_but_an_exact_link_ever_signs_in(abroad, name, sub, told):
    abroad.web.office.register.change("DELETE FROM failures")
    abroad.link()
    person = abroad.web.visitor()
    provider = abroad.work if name == "work" else abroad.club
    back = provider.authorise(abroad.sets_out(person, f"/sign-in/with/{name}"), sub, **told)
    answer = abroad.comes_back(person, back, name)
    exact = name == "work" and sub == "s-1" and told.get("iss", abroad.work.issuer) == abroad.work.issuer
    assert answer.status_code == (303 if exact else 401)
    assert abroad.who_is_in(person) == ("bank/ann" if exact else "")


def test_a_link_to_somebody_else_is_refused_and_the_first_stands(abroad, ann):
    with pytest.raises(RefusedError, match="linked already"):
        abroad.link(BOB)
    assert subjects(abroad).who(abroad.subject()) == ANN
