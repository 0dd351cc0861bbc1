"""Sessions and the ways in: what begins one, what ends it, what is kept of it."""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from web_desk import PASSWORD

from chokepoint.desk.people.staff import invite, let_go
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.web.guard.rate import MOST_A_PERSON, MOST_AN_ADDRESS, WINDOW
from chokepoint.web.guard.sessions import AGE, REST, SELDOM
from chokepoint.web.signin.link import VALID, Links
from chokepoint.web.signin.password import Passwords

COOKIE = "chokepoint-session"


@pytest.mark.parametrize(
    "path", ["/", "/check", "/search?q=evil", "/entity?of=evil.com", "/path?start=a&goal=b", "/work"]
)
def test_whoever_is_not_signed_in_is_sent_to_the_way_in_and_back(web, path):
    answer = web.visitor().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert "evil" not in answer.text


def test_every_page_but_the_ways_in_asks_who_one_is(web):
    opened = {
        "/healthz",
        "/readyz",
        "/metrics",
        "/sign-in",
        "/enter/{token:str}",
        "/join/{who:path}",
        "/join",
        "/sign-out",
        "/look",
    }
    opened |= {
        "/sign-in/passkey/begin",
        "/sign-in/passkey/finish",
        "/sign-in/with/{name:str}",
        "/sign-in/with/{name:str}/back",
        "/join/with/{name:str}",
        "/api/v1",
        "/api/v1/openapi.json",
        "/api/v1/{path:str}",
    }
    for route in web.app.routes:
        if route.path in opened or route.path.startswith("/static"):
            continue
        for handler in route.route_handlers:
            if handler.http_methods == {"OPTIONS"}:
                continue
            assert "seat" in handler.parsed_fn_signature.parameters, route.path


def test_a_link_signs_in_once_as_the_one_for_whom_it_was_made(web):
    token = Links(web.office.register).make(Viewer(organisation="bank"))
    first, second = web.visitor(), web.visitor()
    assert first.get(f"/enter/{token}").headers["location"] == "/"
    assert "bank" in first.get("/").text
    assert second.get(f"/enter/{token}").status_code == 401
    assert second.get("/").status_code == 303


def test_a_link_is_over_after_a_day(fresh):
    token = Links(fresh.office.register).make(Viewer(organisation="bank"))
    fresh.clock.passes(VALID)
    assert fresh.visitor().get(f"/enter/{token}").status_code == 401


def test_a_link_for_an_organisation_whose_key_is_not_here_signs_nobody_in(web):
    token = Links(web.office.register).make(Viewer(organisation="stranger"))
    assert web.visitor().get(f"/enter/{token}").status_code == 401


def test_nothing_that_signs_in_is_kept_as_it_is(fresh):
    person = fresh.hired("bank/ann")
    token = person.cookies[COOKIE]
    link = Links(fresh.office.register).make(Viewer(organisation="bank"))
    fresh.office.register.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = (fresh.atlas.folder / "web.sqlite").read_bytes()
    assert token.encode() not in kept
    assert link.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_only_its_owner_may_read_the_register(fresh):
    assert (fresh.atlas.folder / "web.sqlite").stat().st_mode & 0o077 == 0


def test_a_session_rests_and_is_over(fresh):
    person = fresh.signed_in()
    fresh.clock.passes(REST - 1)
    assert person.get("/").status_code == 200
    fresh.clock.passes(REST - 1)
    assert person.get("/").status_code == 200, "a look keeps it on"
    fresh.clock.passes(REST)
    assert person.get("/").status_code == 303


def test_a_session_is_over_after_half_a_day_however_busy(fresh):
    person = fresh.signed_in()
    for _ in range(AGE // (REST - 60)):
        assert person.get("/").status_code == 200
        fresh.clock.passes(REST - 60)
    fresh.clock.passes(AGE % (REST - 60))
    assert person.get("/").status_code == 303


def test_signing_in_takes_another_session_and_ends_the_one_before(fresh):
    person = fresh.hired("bank/ann")
    before = person.cookies[COOKIE]
    person.get("/sign-in")
    assert person.post("/sign-in", who="bank/ann", password=PASSWORD).status_code == 303
    assert person.cookies[COOKIE] != before
    assert fresh.office.sessions.find(before) is None
    assert len(fresh.office.sessions.of(Viewer(organisation="bank", user="ann"))) == 1


def test_a_session_that_somebody_chose_for_the_browser_is_not_taken_up(fresh):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    person.cookies.set(COOKIE, "chosen-by-a-stranger")
    person.get("/sign-in")
    person.post("/sign-in", who="bank/ann", password=PASSWORD)
    assert person.cookies.get(COOKIE, domain="desk.test") != "chosen-by-a-stranger"
    assert fresh.office.sessions.find("chosen-by-a-stranger") is None


def test_signing_out_ends_the_session_on_the_server(fresh):
    person = fresh.signed_in()
    token = person.cookies[COOKIE]
    person.get("/")
    assert person.post("/sign-out").headers["location"] == "/sign-in"
    assert fresh.office.sessions.find(token) is None


def test_signing_out_everywhere_ends_all_of_ones_own_sessions_and_no_others(fresh):
    one, other, neighbour = fresh.signed_in("bank"), fresh.signed_in("bank"), fresh.signed_in("police")
    one.get("/")
    one.post("/sign-out-everywhere")
    assert [person.get("/").status_code for person in (one, other, neighbour)] == [303, 303, 200]


def test_an_invitation_lets_in_once_and_opening_it_uses_nothing_up(fresh):
    token, person = fresh.invited("bank/ann"), fresh.visitor()
    for _ in range(3):
        assert person.get(f"/join/bank/ann/{token}").status_code == 200
    assert person.post("/join", who="bank/ann", token=token, password=PASSWORD).status_code == 303
    assert "bank/ann" in person.get("/").text
    again = fresh.visitor()
    again.get(f"/join/bank/ann/{token}")
    assert again.post("/join", who="bank/ann", token=token, password=PASSWORD + "!").status_code == 403
    assert again.get("/").status_code == 303


def test_an_invitation_is_for_the_one_who_was_invited(fresh):
    token, person = fresh.invited("bank/ann"), fresh.visitor()
    person.get(f"/join/bank/eve/{token}")
    assert person.post("/join", who="bank/eve", token=token, password=PASSWORD).status_code == 403


@pytest.mark.parametrize("password", ["", "short", "bank/ann", "ann" * 5, "x" * 257, "BANK 123456789"])
def test_a_password_that_is_none_is_refused_and_the_invitation_stays(fresh, password):
    token, person = fresh.invited("bank/ann"), fresh.visitor()
    person.get(f"/join/bank/ann/{token}")
    assert person.post("/join", who="bank/ann", token=token, password=password).status_code == 422
    assert person.post("/join", who="bank/ann", token=token, password=PASSWORD).status_code == 303


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(fresh):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    person.get("/sign-in")
    token = person.token()
    texts = set()
    for who in ("bank/ann", "bank/eve", "nobody/eve"):
        answer = person.post("/sign-in", csrf=token, who=who, password="wrong words " * 2)
        assert answer.status_code == 401
        texts.add(_masked(answer.text, who))
    assert len(texts) == 1


def _masked(text, who):

    return re.sub(r'(name="csrf" value|data-token)="[^"]*"', "", text).replace(who, "WHO")


def test_whoever_fails_too_often_waits_even_with_the_right_password(fresh):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    person.get("/sign-in")
    for _ in range(MOST_A_PERSON):
        assert person.post("/sign-in", who="bank/ann", password="wrong").status_code == 401
    assert person.post("/sign-in", who="bank/ann", password=PASSWORD).status_code == 429
    fresh.clock.passes(WINDOW + 1)
    assert person.post("/sign-in", who="bank/ann", password=PASSWORD).status_code == 303


def test_a_try_counts_while_it_is_looked_at(fresh, monkeypatch):
    """Else as many as one likes would be under way before the first has failed."""
    fresh.hired("bank/ann")
    looks, waits = Passwords.fits, []

    def looked(passwords: Passwords, viewer: Viewer, password: str) -> bool:
        waits.append(fresh.office.rate.exceeded("bank/ann", "192.0.2.1"))
        return looks(passwords, viewer, password)

    monkeypatch.setattr(Passwords, "fits", looked)
    for _ in range(MOST_A_PERSON):
        assert _tried(fresh, "wrong words again") == 401
    assert waits == [False] * (MOST_A_PERSON - 1) + [True]


def test_of_tries_at_once_no_more_are_looked_at_than_of_one_after_another(fresh):
    many = 3 * MOST_A_PERSON
    began = Barrier(many)

    def tries(number: int) -> bool:
        began.wait()
        return fresh.office.rate.counted("bank/ann", f"192.0.2.{number}")

    with ThreadPoolExecutor(many) as threads:
        assert sum(threads.map(tries, range(many))) == MOST_A_PERSON


def _tried(fresh, password):
    person = fresh.visitor()
    person.get("/sign-in")
    return person.post("/sign-in", who="bank/ann", password=password).status_code


def test_whoever_comes_in_uses_up_no_try_of_others_at_that_address(fresh):
    fresh.hired("bank/ann")
    rate, address = fresh.office.rate, "testclient"
    for number in range(MOST_AN_ADDRESS - 1):
        rate.counted(f"bank/p{number}", address)
    assert [_tried(fresh, PASSWORD) for _ in range(3)] == [303] * 3
    assert _tried(fresh, "wrong words again") == 401
    assert _tried(fresh, PASSWORD) == 429


def test_a_passkey_that_fits_frees_nobody_else_who_tries_from_there(fresh):
    rate = fresh.office.rate
    for number in range(MOST_A_PERSON):
        assert rate.exceeded("a passkey", "192.0.2.1") is False
        assert rate.counted("a passkey", f"192.0.2.{number}")
    rate.spared("a passkey", "192.0.2.1")
    assert rate.counted("a passkey", "192.0.2.1")
    assert not rate.counted("a passkey", "192.0.2.1")


def test_a_person_who_left_is_signed_out_everywhere(fresh):
    person = fresh.hired("bank/ann")
    assert person.get("/").status_code == 200
    bank = fresh.office.opened_by(Viewer(organisation="bank"))
    let_go(bank, "ann")
    assert person.get("/").status_code == 303
    assert fresh.office.sessions.of(Viewer(organisation="bank", user="ann")) == []


def test_a_password_opens_nothing_for_a_person_who_left(fresh):
    fresh.hired("bank/ann")
    let_go(fresh.office.opened_by(Viewer(organisation="bank")), "ann")
    person = fresh.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in", who="bank/ann", password=PASSWORD).status_code == 401


def test_once_people_are_registered_the_organisation_as_a_whole_cannot_sign_in_with_a_password(fresh):
    invite(fresh.office.opened_by(Viewer(organisation="bank")), "ann", [Role.VETTER])
    person = fresh.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in", who="bank", password="").status_code == 401


@pytest.mark.parametrize(
    "where", ["https://evil.com", "//evil.com", "/\\evil.com", "javascript:alert(1)", "/a\nb", ""]
)
def test_signing_in_sends_nobody_elsewhere(fresh, where):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    person.get("/sign-in")
    answer = person.post("/sign-in", who="bank/ann", password=PASSWORD, next=where)
    assert answer.headers["location"] == "/"


def test_signing_in_goes_back_to_where_one_wanted_to_go(fresh):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    way = person.get("/entity?of=evil.com").headers["location"]
    person.get(way)
    assert 'name="next" value="/entity?of=evil.com"' in person.page


def test_a_clock_that_was_ahead_lets_nobody_stay_longer(fresh):
    """It is set back by ten hours: the session rests an hour after its next use as any other does."""
    fresh.clock.passes(10 * 60 * 60)
    person = fresh.signed_in()
    fresh.clock.passes(-10 * 60 * 60)
    assert person.get("/").status_code == 200
    fresh.clock.passes(REST)
    assert person.get("/").status_code == 303


def test_a_session_of_a_clock_that_was_ahead_is_over_as_soon_as_any_other(fresh):
    """Its age counts from when it was first used by the clock as it is."""
    fresh.clock.passes(10 * 60 * 60)
    person = fresh.signed_in()
    fresh.clock.passes(-10 * 60 * 60)
    for _ in range(AGE // (REST // 2)):
        assert person.get("/").status_code == 200
        fresh.clock.passes(REST // 2)
    assert person.get("/").status_code == 303


def test_a_session_of_a_clock_that_was_a_year_ahead_is_over(fresh):
    fresh.clock.passes(365 * 24 * 60 * 60)
    person = fresh.signed_in()
    fresh.clock.passes(-365 * 24 * 60 * 60)
    assert person.get("/").status_code == 303


def test_whoever_failed_while_the_clock_was_ahead_waits_as_long_as_others_do(fresh):
    """Neither until the clock gets there again, nor not at all: whoever sets a clock back frees nobody."""
    rate, year = fresh.office.rate, 365 * 24 * 60 * 60
    fresh.clock.passes(year)
    for _ in range(MOST_A_PERSON):
        rate.counted("bank/ann", "192.0.2.1")
    assert rate.exceeded("bank/ann", "192.0.2.1")
    fresh.clock.passes(-year)
    assert rate.exceeded("bank/ann", "192.0.2.1")
    fresh.clock.passes(WINDOW - 1)
    assert rate.exceeded("bank/ann", "192.0.2.1")
    fresh.clock.passes(1)
    assert not rate.exceeded("bank/ann", "192.0.2.1")


def test_a_full_disk_keeps_nobody_from_reading(fresh, monkeypatch):
    """That somebody is here cannot be noted then; it is no part of what they read."""
    person = fresh.signed_in()
    fresh.clock.passes(2 * SELDOM)

    def full(*_, **__):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(fresh.office.register, "change", full)
    assert person.get("/work").status_code == 200


def test_a_damaged_register_is_an_error_and_no_open_door(fresh):
    person = fresh.signed_in()
    fresh.office.register.change("DROP TABLE sessions")
    answer = person.get("/entity?of=evil.com")
    assert answer.status_code == 500
    assert "copper" not in answer.text
    assert sqlite3.sqlite_version  # the register is SQLite's, whatever the atlas is kept in
