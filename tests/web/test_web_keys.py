"""Keys for programs and the JSON that they read: scoped, expiring, revoked, and never more than their owner."""

from __future__ import annotations

import json

import pytest
from web_desk import PASSWORD

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import let_go
from chokepoint.model.errors import NotFoundError, NotValidError
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.rate import MOST_A_PERSON, WINDOW
from chokepoint.web.signin.keys import DAY, Keys

BANK = Viewer(organisation="bank")


def program(web, viewer=BANK, scopes=("look", "check"), days=1):
    """Somebody with a key and no cookie."""
    token = Keys(web.office.register).make(viewer, "a script", scopes, days)
    return web.visitor(), {"authorization": f"Bearer {token}"}


def test_a_program_reads_what_the_command_line_prints(web):
    person, key = program(web)
    answer = person.ask("GET", "/api/v1/entity?of=evil.com", headers=key)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = show(web.office.opened_by(BANK), "evil.com").to_json()
    assert answer.json() == json.loads(json.dumps(told))


@pytest.mark.parametrize(
    "path", ["/api/v1/search?q=evil", "/api/v1/entity?of=evil.com", "/api/v1/path?start=a.com&goal=b.com"]
)
@pytest.mark.parametrize(
    "header",
    [{}, {"authorization": "Bearer "}, {"authorization": "Bearer cpk_0_x"}, {"authorization": "Basic YTpi"}],
)
def test_without_a_key_that_opens_there_is_nothing(web, path, header):
    answer = web.visitor().ask("GET", path, headers=header)
    assert (answer.status_code, answer.json()) == (401, {"status": 401})


def test_a_key_sees_its_owners_map(web):
    person, key = program(web)
    hidden = person.ask("GET", "/api/v1/entity?of=group:hidden+hand", headers=key)
    absent = person.ask("GET", "/api/v1/entity?of=group:absent+hand", headers=key)
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    other, theirs = program(web, Viewer(organisation="police"))
    assert other.ask("GET", "/api/v1/entity?of=group:hidden+hand", headers=theirs).status_code == 200


def test_a_key_opens_what_it_is_for_and_nothing_else(web):
    person, key = program(web, scopes=("check",))
    refused = person.ask("GET", "/api/v1/search?q=evil", headers=key)
    assert (refused.status_code, refused.json()["reason"]) == (403, "the key is not for that")
    answer = person.ask("POST", "/api/v1/check", json={"text": "evil.com"}, headers=key)
    assert answer.json()["lines"][0]["found"][0]["status"] == "known"
    person, key = program(web, scopes=("look",))
    assert person.ask("POST", "/api/v1/check", json={"text": "x"}, headers=key).status_code == 403


def test_a_key_opens_no_page(web):
    person, key = program(web)
    assert person.ask("GET", "/entity?of=evil.com", headers=key).status_code == 303
    assert person.ask("POST", "/sign-out", headers=key).status_code == 403


def test_with_a_wrong_key_the_browsers_session_counts_for_nothing(web):
    person = web.signed_in()
    assert person.ask("GET", "/api/v1/search?q=evil").status_code == 200
    wrong = {"authorization": "Bearer cpk_0_x"}
    assert person.ask("GET", "/api/v1/search?q=evil", headers=wrong).status_code == 401


def test_a_form_of_another_site_cannot_use_the_browsers_session_for_programs(web):
    person = web.signed_in()
    answer = person.ask("POST", "/api/v1/check", json={"text": "evil.com"})
    assert answer.status_code == 403


def test_a_key_is_over_when_its_days_are(fresh):
    person, key = program(fresh, days=2)
    fresh.clock.passes(2 * DAY - 1)
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 200
    fresh.clock.passes(1)
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 401


def test_a_key_is_shown_once_and_kept_as_a_hash(fresh):
    person = fresh.signed_in()
    person.get("/account")
    made = person.post("/account/keys", label="nightly", scopes="look", days="30")
    token = made.text.split('id="made">')[1].split("<")[0]
    assert token.startswith("cpk_")
    assert token not in person.get("/account").text
    assert token[:12] in person.page
    fresh.office.register.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert token.encode() not in (fresh.atlas.folder / "web.sqlite").read_bytes()
    assert (
        person.ask("GET", "/api/v1/search?q=evil", headers={"authorization": f"Bearer {token}"}).status_code
        == 200
    )


def test_a_revoked_key_opens_nothing_and_nobody_revokes_anothers(fresh):
    keys = Keys(fresh.office.register)
    person, key = program(fresh)
    prefix = keys.of(BANK)[0].prefix
    with pytest.raises(NotFoundError):
        keys.revoke(Viewer(organisation="police"), prefix)
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 200
    keys.revoke(BANK, prefix)
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 401


def test_the_key_of_a_person_who_left_opens_nothing(fresh):
    fresh.hired("bank/ann")
    person, key = program(fresh, Viewer(organisation="bank", user="ann"))
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 200
    let_go(fresh.office.opened_by(BANK), "ann")
    assert person.ask("GET", "/api/v1/search?q=evil", headers=key).status_code == 401


@pytest.mark.parametrize(
    ("label", "scopes", "days"),
    [
        pytest.param("", ["look"], 1, id="no name"),
        pytest.param("  ", ["look"], 1, id="blank name"),
        pytest.param("x", [], 1, id="for nothing"),
        pytest.param("x", ["look", "write"], 1, id="for something unknown"),
        pytest.param("x", ["look"], 0, id="no days"),
        pytest.param("x", ["look"], 367, id="too many days"),
    ],
)
def test_a_key_needs_a_name_a_use_and_days(web, label, scopes, days):
    with pytest.raises(NotValidError, match="a key needs"):
        Keys(web.office.register).make(BANK, label, scopes, days)


@pytest.mark.parametrize("days", ["", "-1", "x", "²", "9" * 40])
def test_days_that_are_no_number_are_refused_in_words(fresh, days):
    person = fresh.signed_in()
    person.get("/account")
    assert person.post("/account/keys", label="x", scopes="look", days=days).status_code == 422


def test_a_case_that_the_key_names_must_be_the_owners(web):
    person, key = program(web)
    asked = key | {"x-chokepoint-case": "case-0000000000000000"}
    assert person.ask("GET", "/api/v1/search?q=evil", headers=asked).status_code == 404


def test_what_programs_may_ask_is_written_down(web):
    told = web.visitor().ask("GET", "/api/v1/openapi.json").json()
    assert set(told["paths"]) >= {"/api/v1/search", "/api/v1/entity", "/api/v1/path", "/api/v1/check"}
    assert not [path for path in told["paths"] if not path.startswith("/api/v1/")]


@pytest.mark.parametrize("answer", [{}, {"id": 1}, {"id": "AAAA", "response": {}}, {"id": "é"}])
def test_an_answer_that_no_passkey_gave_signs_nobody_in(fresh, answer):
    person = fresh.visitor()
    person.get("/sign-in")
    token = {"x-csrf-token": person.token()}
    assert "challenge" in person.ask("POST", "/sign-in/passkey/begin", json={}, headers=token).json()
    assert person.ask("POST", "/sign-in/passkey/finish", json=answer, headers=token).status_code == 401
    assert person.get("/").status_code == 303


def test_whoever_tries_wrong_passkeys_has_to_wait(fresh):
    person = fresh.visitor()
    person.get("/sign-in")
    token = {"x-csrf-token": person.token()}
    tries = [
        person.ask("POST", "/sign-in/passkey/finish", json={"id": "AAAA"}, headers=token).status_code
        for _ in range(MOST_A_PERSON + 1)
    ]
    assert tries == [401] * MOST_A_PERSON + [429]
    fresh.clock.passes(WINDOW + 1)
    assert person.ask("POST", "/sign-in/passkey/finish", json={}, headers=token).status_code == 401


@pytest.mark.parametrize("answer", [{}, {"answer": "x"}, {"answer": {"id": "AAAA"}}])
def test_an_answer_that_no_device_gave_makes_no_passkey(fresh, answer):
    person = fresh.signed_in()
    person.get("/account")
    token = {"x-csrf-token": person.token()}
    person.ask("POST", "/account/passkeys/begin", json={}, headers=token)
    assert person.ask("POST", "/account/passkeys/finish", json=answer, headers=token).status_code == 403
    assert PASSWORD not in person.page


def test_nobody_removes_a_passkey_that_is_not_theirs(fresh):
    fresh.office.register.change("INSERT INTO passkeys VALUES (x'0102', 'police', '', x'00', 0, 'theirs', 0)")
    person = fresh.signed_in("bank")
    person.get("/account")
    assert "theirs" not in person.page
    assert person.post("/account/passkeys/remove", name="0102").status_code == 404
    assert fresh.office.register.row("SELECT * FROM passkeys") is not None
