"""Published leaks of peers replayed on the desk: who somebody is, and that reading is only reading."""

from __future__ import annotations

import re

import pytest
from peer_rows import peer
from peer_world import Theirs, records
from web_desk import PASSWORD, Web

# --- who is who ---


@peer("CVE-2023-39069")
@pytest.mark.parametrize("password", ["", " ", "\x00", "\u200b", "null"])
@pytest.mark.parametrize("who", ["vendor/vic", "bank/ann", "vendor/"])
def test_an_empty_password_is_no_password(theirs: Theirs, who: str, password: str):
    person = theirs.web.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in", who=who, password=password).status_code in {400, 401, 429}
    assert person.get("/entity?of=evil.com").status_code == 303


@peer("CVE-2026-27960")
def test_no_id_is_a_credential_and_no_request_says_who_asks(theirs: Theirs):
    ids = [theirs.key, theirs.case, theirs.group, theirs.claim, "bank", "bank/ann", "vendor/vic", "admin",
           "00000000-0000-4000-8000-000000000000", "88ec0c6a-13ce-5e39-b486-354fe4a7084f"]  # fmt: skip
    for one in ids:
        stranger = theirs.web.visitor()
        headers = {
            "authorization": f"Bearer {one}",
            "x-user": one,
            "x-forwarded-user": one,
            "remote-user": one,
        }
        answer = stranger.ask(
            "GET", f"/api/v1/entity?of=evil.com&as={one}&who={one}&user={one}", headers=headers
        )
        assert (answer.status_code, answer.json()) == (401, {"status": 401}), one
    bank = theirs.web.signed_in("bank")
    for name in ("as", "who", "user", "viewer", "organisation"):
        path = f"/entity?of=group:hidden+hand&{name}=police"
        assert bank.get(path).status_code == 404
        assert (
            bank.get(path, x_user="police", x_forwarded_user="police", remote_user="police").status_code
            == 404
        )


@peer("CVE-2026-27960")
@pytest.mark.parametrize("who", ["admin", "root", "bank/admin"])
def test_there_is_nobody_by_default(theirs: Theirs, who: str):
    person = theirs.web.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in", who=who, password="admin").status_code in {400, 401, 429}


@peer("CVE-2017-14337")
@pytest.mark.parametrize(
    "header",
    ["x-ssl-client-s-dn", "x-client-cert", "ssl-client-verify", "x-forwarded-client-cert", "remote-user"],
)
@pytest.mark.parametrize("value", ["", "CN=bank", "CN=bank,CN=police", "SUCCESS", "nobody"])
def test_no_certificate_that_a_header_speaks_of_signs_anybody_in(theirs: Theirs, header: str, value: str):
    """We map no certificate to anybody: whatever a header says of one, the visitor is a visitor."""
    stranger = theirs.web.visitor()
    assert stranger.ask("GET", "/entity?of=evil.com", headers={header: value}).status_code == 303
    assert stranger.ask("GET", "/api/v1/search?q=evil", headers={header: value}).status_code == 401


@peer("CVE-2018-12649 / CVE-2020-8890..8892")
def test_whoever_fails_waits_under_any_spelling_and_whatever_the_clock_does(fresh: Web):
    fresh.hired("bank/ann")
    person = fresh.visitor()
    spellings = ("bank/ann", "BANK/ANN", " bank/ann ", "bank/ANN", "bank/\uff41nn", "ba\u200bnk/ann")
    statuses = []
    for turn in range(12):
        person.get("/sign-in")
        spelt = spellings[turn % len(spellings)]
        statuses.append(person.post("/sign-in", who=spelt, password="wrong words").status_code)
    assert statuses == [401] * 10 + [429] * 2
    fresh.clock.passes(-3600)
    person.get("/sign-in")
    assert person.post("/sign-in", who="bank/ann", password=PASSWORD).status_code == 429


@peer("CVE-2018-12649 / CVE-2020-8890..8892")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_tries_a_password(theirs: Theirs, method: str):
    person = theirs.web.visitor()
    person.get("/sign-in")
    fields = {"csrf": person.token(), "who": "vendor/vic", "password": PASSWORD}
    assert person.ask(method, "/sign-in", data=fields).status_code in {403, 405}
    assert person.get("/entity?of=evil.com").status_code == 303


@peer("CVE-2024-25675")
def test_reading_writes_nothing(theirs: Theirs):
    """Every address, by GET and HEAD, with and without what it may be asked for; looks are logged elsewhere."""
    bank = theirs.web.signed_in("bank")
    bank.get("/")
    before = records(theirs.web)
    for route in theirs.web.app.routes:
        if "GET" not in getattr(route, "methods", ()) or route.path == "/enter/{token:str}":
            continue
        path = re.sub(r"\{[^}]*\}", theirs.case, route.path)
        for asked in ("", f"?of=evil.com&claim={theirs.claim}&word=confirm&reason=x&revoke=1&state=done"):
            for method in ("GET", "HEAD"):
                bank.ask(method, path + asked)
    assert _but_looks(theirs.web, before) == 0


def _but_looks(web: Web, before: int) -> int:
    """Records beyond so many that are no entries of the log of looks."""
    with web.atlas.engine.connect() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT body FROM records ORDER BY seq LIMIT 10000 OFFSET ?", (before,)
        ).all()
    return sum(
        b'"kind":"access' not in bytes(body) and b'"kind":"sealed-access' not in bytes(body)
        for (body,) in bodies
    )


@peer("CVE-2022-29534")
@pytest.mark.parametrize(
    "accept", ["application/json", "text/html", "*/*", "image/png", "application/xml", ""]
)
def test_what_is_closed_is_closed_whatever_answer_is_wished_for(theirs: Theirs, accept: str):
    """Sessions, tokens of forms and rights are asked for before anybody looks at how to answer."""
    stranger = theirs.web.visitor()
    for path in ("/entity?of=evil.com", "/access", "/member/people", "/case", "/api/v1/search?q=evil"):
        answer = stranger.ask("GET", path, headers={"accept": accept, "content-type": accept})
        assert answer.status_code in {303, 401}, path
        assert "copper" not in answer.text
    before = records(theirs.web)
    forged = theirs.vendor.ask(
        "POST", "/check/record", data={"text": "evil.com robs"}, headers={"accept": accept}
    )
    assert forged.status_code == 403
    answer = theirs.vendor.ask(
        "POST", "/member/people/appoint", headers={"accept": accept},
        data={"csrf": theirs.vendor.token(), "user": "vic", "role": "overseer"},
    )  # fmt: skip
    assert answer.status_code in {400, 403, 404}
    assert records(theirs.web) == before
