"""Guards: forged requests, other hosts, headers of every answer, limits, and errors that tell nothing."""

from __future__ import annotations

import errno
import re
import sqlite3

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from web_desk import ORIGIN

from chokepoint.model.errors import LedgerError, ReplacedError
from chokepoint.web.app import LARGEST
from chokepoint.web.front import inside
from chokepoint.web.guard.forgery import fits, token_for
from chokepoint.web.signin import password

PAGES = [
    "/",
    "/check",
    "/search?q=evil",
    "/entity?of=evil.com",
    "/sign-in",
    "/nothing",
    "/static/css/base.css",
]
_inline = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|\sstyle\s*=|<style|javascript:", re.IGNORECASE)
_elsewhere = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_what_is_inline_and_what_is_from_elsewhere(web, path):
    answer = web.signed_in().get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES[:-1])
def test_no_page_holds_inline_code_or_anything_from_elsewhere(web, path):
    text = web.signed_in().get(path).text
    assert not _inline.search(text), _inline.search(text)
    assert not _elsewhere.search(text), _elsewhere.search(text)


@pytest.mark.parametrize("path", PAGES[:-1])
def test_no_page_is_kept_by_the_browser(web, path):
    assert web.signed_in().get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "A" * 88])
def test_a_form_without_its_token_changes_nothing(web, token):
    person = web.signed_in()
    assert person.post("/work", csrf=token, case="").status_code == 403
    assert person.get("/").status_code == 200


def test_a_token_of_one_session_is_none_in_another(web):
    one, other = web.signed_in("bank"), web.signed_in("police")
    one.get("/")
    other.get("/")
    assert other.post("/work", csrf=one.token(), case="").status_code == 403


def test_a_token_goes_in_a_header_too(web):
    person = web.signed_in()
    person.get("/")
    answer = person.ask("POST", "/work", data={"case": ""}, headers={"x-csrf-token": person.token()})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="a page elsewhere"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"origin": "https://evil.com"}, 403, id="an old browser elsewhere"),
        pytest.param({"origin": "null"}, 403, id="a sandboxed frame"),
        pytest.param({"sec-fetch-site": "same-origin"}, 303, id="a page of the desk"),
        pytest.param({"origin": ORIGIN}, 303, id="an old browser here"),
    ],
)
def test_even_with_the_right_token_a_form_must_come_from_a_page_of_the_desk(web, headers, status):
    person = web.signed_in()
    person.get("/")
    assert person.post("/work", headers=headers, case="").status_code == status


@pytest.mark.parametrize("host", ["evil.com", "desk.test:80", "", "desk.test.evil.com"])
def test_a_request_for_another_host_is_not_answered(web, host):
    answer = web.signed_in().get("/entity?of=evil.com", host=host)
    assert answer.status_code in {400, 421}
    assert "copper" not in answer.text


@given(st.binary(min_size=1, max_size=40), st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_token_fits_its_cookie_and_secret_alone(secret, cookie, other):
    token = token_for(secret, cookie)
    assert fits(secret, cookie, token)
    assert fits(secret, other, token) == (other == cookie)
    assert not fits(secret + b"x", cookie, token)


def test_no_two_pages_carry_the_same_token(web):
    person = web.signed_in()
    person.get("/")
    one = person.token()
    person.get("/")
    assert person.token() != one


@given(st.text(max_size=60))
def test_whatever_is_asked_for_stays_inside(where):
    target = inside(where)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert target.isascii()
    assert target.isprintable()


def test_a_body_that_is_too_large_is_refused(web):
    person = web.signed_in()
    person.get("/")
    assert person.post("/work", case="x" * LARGEST).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/entity?of=group:hidden+hand", id="hidden"),
        pytest.param("/entity?of=group:no+such+group", id="absent"),
        pytest.param("/entity?of=%00%ff", id="nonsense"),
    ],
)
def test_what_is_hidden_and_what_is_absent_are_the_same_bytes(web, path):
    person = web.signed_in("bank")
    absent = person.get("/entity?of=group:no+such+thing+at+all")
    answer = person.get(path)
    assert (answer.status_code, _plain(answer.text)) == (404, _plain(absent.text))
    assert answer.headers["content-length"] == absent.headers["content-length"]


def _plain(text):
    text = re.sub(r'name="csrf" value="[^"]*"', "", text)
    return re.sub(r'name="next" value="[^"]*"', "", text)


@pytest.mark.parametrize(
    "path", ["/entity", "/entity?of=evil.com&accepted=maybe", "/enter/x/y", "/static/../app.py"]
)
def test_a_request_that_does_not_fit_is_a_page_and_no_trace(web, path):
    answer = web.signed_in().get(path)
    assert answer.status_code in {404, 422}
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


def test_a_fault_of_the_program_says_nothing_of_itself(web, monkeypatch):
    def broken(*_):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("chokepoint.web.pages.home.cases", broken)
    answer = web.signed_in().get("/")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text


def raised(code):
    """SQLite's error as SQLAlchemy hands it on."""
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = code
    return OperationalError("SELECT secret", {}, error)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        pytest.param(OSError(errno.ENOSPC, "no space"), 507, "disk of this desk is full", id="no space"),
        pytest.param(OSError(errno.EDQUOT, "quota"), 507, "disk of this desk is full", id="no quota"),
        pytest.param(raised(sqlite3.SQLITE_FULL), 507, "disk of this desk is full", id="SQLite is full"),
        pytest.param(raised(sqlite3.SQLITE_BUSY), 503, "Wait a moment", id="SQLite is busy"),
        pytest.param(raised(sqlite3.SQLITE_BUSY | 512), 503, "Wait a moment", id="busy with a snapshot"),
        pytest.param(raised(sqlite3.SQLITE_CORRUPT), 500, "went wrong", id="SQLite is damaged"),
        pytest.param(OSError(errno.EIO, "broken"), 500, "went wrong", id="a broken disk"),
    ],
)
def test_a_full_disk_and_a_busy_file_are_told_in_words_and_faults_are_not(
    web, monkeypatch, caplog, error, status, words
):
    """What somebody can do about it differs; of the file, the statement and the place nothing is told."""

    def strained(*_):
        raise error

    monkeypatch.setattr("chokepoint.web.pages.home.cases", strained)
    answer = web.signed_in().get("/")
    assert answer.status_code == status
    assert words in answer.text
    assert "SELECT secret" not in answer.text
    assert answer.headers.get("retry-after") == ("5" if status == 503 else None)
    assert ("Traceback" in caplog.text) is (status == 500)


def test_a_process_whose_atlas_was_replaced_says_so_and_begins_anew(web, monkeypatch, caplog):
    """It would else go on showing what was put away, and write where nobody looks."""

    def replaced(*_):
        raise ReplacedError("another file lies there", place="ledger.sqlite", mend="start anew")

    begun = []
    monkeypatch.setattr("chokepoint.web.guard.errors.begin_anew", lambda: begun.append(1))
    monkeypatch.setattr("chokepoint.web.pages.home.cases", replaced)
    answer = web.signed_in().get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "ledger.sqlite" not in answer.text
    assert "ledger.sqlite: another file lies there" in caplog.text
    assert begun == [1]


def test_what_does_not_verify_is_told_to_the_operator(web, monkeypatch, caplog):
    """The page says that it was."""

    def damaged(*_):
        raise LedgerError("a record is not what was signed", place="position 7")

    monkeypatch.setattr("chokepoint.web.pages.home.cases", damaged)
    answer = web.signed_in().get("/")
    assert answer.status_code == 500
    assert "position 7" not in answer.text
    assert "position 7" in caplog.text


def test_an_error_that_comes_from_a_full_disk_is_one(web, monkeypatch):
    """The desk's own words for it may stand between: whoever runs it has to make room all the same."""

    def strained(*_):
        raise RuntimeError("the look could not be noted") from OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("chokepoint.web.pages.home.cases", strained)
    assert web.signed_in().get("/").status_code == 507


def test_over_https_cookies_are_bound_to_the_host_and_the_way_stays_encrypted(opening):
    web = opening(origins=("https://desk.test",))
    person = web.visitor()
    answer = person.get("/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-chokepoint-")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_whether_the_desk_is_up_is_told_to_anybody_and_nothing_else(web):
    answer = web.visitor().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_no_file_outside_the_folder_of_files_is_served(web):
    person = web.visitor()
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"):
        assert person.get(path).status_code == 404


def test_whoever_has_no_password_takes_the_same_reckoning_as_who_has_one():
    own = extract_parameters(password._hasher.hash("a password that is known"))
    assert extract_parameters(password._NOBODYS) == own
    with pytest.raises(VerifyMismatchError):  # it was reckoned to the end, and not refused for its form
        password._hasher.verify(password._NOBODYS, "a password that is known")
