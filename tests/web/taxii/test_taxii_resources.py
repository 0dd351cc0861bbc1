"""Discovery, API root, collections, and how TAXII is spoken: the standard's sentences over raw HTTP."""

from __future__ import annotations

import uuid

import pytest
from taxii_desk import MEDIA, ROOT, basic

from chokepoint.web.signin.keys import DAY

OBJECTS = f"{ROOT}/collections/accepted/objects/"


def ask(served, program, path, **headers):
    """One GET of any path, with the program's key unless another header replaces it."""
    return served.visitor().ask("GET", path, headers=program.headers | headers)


def test_discovery_names_the_api_root(served, program):
    answer = ask(served, program(), "/taxii2/")
    root = f"http://desk.test{ROOT}/"
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA
    assert answer.json()["title"]
    assert (answer.json()["default"], answer.json()["api_roots"]) == (root, [root])


def test_the_api_root_says_its_versions_and_what_it_takes(program):
    said = program().get("/").json()
    assert said["versions"] == [MEDIA]
    assert said["title"]
    assert isinstance(said["max_content_length"], int)


def test_collections_say_what_may_be_done_with_them(program):
    accepted, contributions = program().get("/collections/").json()["collections"]
    assert (accepted["can_read"], accepted["can_write"]) == (True, False)
    assert (contributions["can_read"], contributions["can_write"]) == (False, True)
    for one in (accepted, contributions):
        assert uuid.UUID(one["id"]).version == 4
        assert one["title"]
        assert one["media_types"] == ["application/stix+json;version=2.1"]


def test_a_collection_is_found_by_id_and_by_alias_and_is_the_same_for_everybody(program):
    listed = program().get("/collections/").json()["collections"]
    for one in listed:
        assert program().get(f"/collections/{one['id']}/").json() == one
        assert program("police").get(f"/collections/{one['alias']}/").json() == one


@pytest.mark.parametrize("path", ["/taxii2", ROOT, OBJECTS.rstrip("/")])
def test_the_last_stroke_of_an_address_may_be_missing(served, program, path):
    assert ask(served, program(), path).status_code == 200


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param(MEDIA, id="exactly"),
        pytest.param("application/taxii+json", id="any version"),
        pytest.param("application/taxii+json; version=2.1", id="with a space"),
        pytest.param('application/taxii+json;version="2.1"', id="quoted"),
        pytest.param("Application/TAXII+json;version=2.1", id="in capitals"),
        pytest.param("text/html, application/taxii+json;version=2.1;q=0.5", id="as second best"),
        pytest.param("*/*", id="anything"),
        pytest.param("application/*;q=0.1", id="any application"),
        pytest.param("application/*;q=0.001", id="the smallest weight there is"),
        pytest.param("*/*;q=1.", id="a weight without its figures"),
        pytest.param("", id="unsaid"),
    ],
)
def test_who_accepts_taxii_gets_it(served, program, accept):
    answer = ask(served, program(), "/taxii2/", accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA)


@pytest.mark.parametrize(
    "accept",
    [
        pytest.param("application/json", id="plain JSON"),
        pytest.param("application/taxii+json;version=2.0", id="an older version"),
        pytest.param("application/vnd.oasis.taxii+json", id="the media type of 2.0"),
        pytest.param("application/taxii+json;version=2.1;q=0", id="refused by weight"),
        pytest.param("text/*", id="any text"),
        pytest.param(";;,;q=", id="nonsense"),
        pytest.param("application/taxii+json;version=2.1;q=1.2.3", id="a weight of three numbers"),
        pytest.param("*/*;q=0.000", id="refused to the third digit"),
        pytest.param("*/*;q=...", id="a weight of dots"),
    ],
)
def test_who_accepts_nothing_of_ours_is_told_406(served, program, accept):
    answer = ask(served, program(), "/taxii2/", accept=accept)
    assert answer.status_code == 406
    assert answer.headers["content-type"] == MEDIA
    assert answer.json() == {"title": "Not Acceptable", "http_status": "406"}


@pytest.mark.parametrize(
    "path", ["/taxii2/", f"{ROOT}/", f"{ROOT}/collections/", OBJECTS, f"{ROOT}/status/x/"]
)
def test_without_a_key_everything_says_how_to_sign_in(served, path):
    answer = served.visitor().ask("GET", path, headers={"accept": MEDIA})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Chokepoint", charset="UTF-8", Bearer'
    assert answer.headers["content-type"] == MEDIA
    assert answer.json() == {"title": "Unauthorized", "http_status": "401"}


def test_the_key_is_also_the_password_of_http_basic(served, program):
    one = program()
    for name in ("bank", one.key[:12]):
        assert ask(served, one, OBJECTS, **basic(name, one.key)).status_code == 200


@pytest.mark.parametrize("name", ["police", "bank/ann", "", "BANK"])
def test_a_key_under_another_name_opens_nothing(served, program, name):
    one = program()
    assert ask(served, one, OBJECTS, **basic(name, one.key)).status_code == 401


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ###", "Basic YmFuaw==", "Basic /////w==", "Digest x", "Bearer"]
)
def test_a_malformed_header_is_no_way_in(served, header):
    answer = served.visitor().ask("GET", OBJECTS, headers={"accept": MEDIA, "authorization": header})
    assert answer.status_code == 401


def test_with_a_wrong_key_by_basic_the_browsers_session_counts_for_nothing(served):
    person = served.signed_in()
    assert person.ask("GET", OBJECTS, headers={"accept": MEDIA}).status_code == 200
    wrong = basic("bank", "cpk_0_x")
    assert person.ask("GET", OBJECTS, headers=wrong).status_code == 401


def test_basic_opens_nothing_but_taxii(served, program):
    one = program()
    answer = served.visitor().ask("GET", "/api/v1/search?q=evil", headers=basic("bank", one.key))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (("look",), "/collections/accepted/objects/", 200),
        (("add",), "/collections/accepted/objects/", 403),
        (("add",), "/collections/accepted/manifest/", 403),
        (("add",), "/collections/", 200),
        (("check",), "/collections/", 403),
        (("look",), "/status/0b0c6e7e-4a0a-4a50-9a5e-3b6b7c4f3e11/", 403),
        (("add",), "/status/0b0c6e7e-4a0a-4a50-9a5e-3b6b7c4f3e11/", 404),
    ],
)
def test_a_key_opens_what_it_is_for(program, scopes, path, status):
    assert program(scopes=scopes).get(path).status_code == status


def test_a_key_for_something_else_is_told_that_it_is_known_and_for_what_it_is_not(program):
    answer = program(scopes=("check",)).get("/collections/accepted/objects/")
    assert "www-authenticate" not in answer.headers, "another key is needed, not another try"
    assert answer.headers["content-type"] == MEDIA
    assert answer.json() == {
        "title": "Forbidden",
        "http_status": "403",
        "description": "the key is not for that",
    }


@pytest.mark.parametrize("path", ["/collections/secret/objects/", "/collections/accepted/objects/"])
def test_a_key_for_something_else_learns_of_no_collection(program, path):
    one = program(scopes=("check",))
    assert one.get(path).content == one.get("/collections/absent/objects/").content


def test_a_key_for_something_else_under_another_name_is_no_key(served, program):
    one = program(scopes=("check",))
    assert ask(served, one, OBJECTS, **basic("police", one.key)).status_code == 401


def test_a_key_that_is_over_opens_nothing(own):
    from taxii_desk import Program  # noqa: PLC0415 - this test changes the clock of a desk of its own

    one = Program(own)
    own.clock.passes(DAY + 1)
    assert one.get("/collections/").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/taxii2/elsewhere/",
        "/taxii2/elsewhere/collections/",
        f"{ROOT}/collections/nothing/",
        f"{ROOT}/collections/0b0c6e7e-4a0a-4a50-9a5e-3b6b7c4f3e11/objects/",
        f"{ROOT}/collections/accepted/objects/domain-name--0b0c6e7e-4a0a-4a50-9a5e-3b6b7c4f3e11/",
        f"{ROOT}/collections/accepted/objects/%00/versions/",
        f"{ROOT}/status/nothing/",
        f"{ROOT}/status/0b0c6e7e-4a0a-4a50-9a5e-3b6b7c4f3e11/",
        f"{ROOT}/nothing/",
    ],
)
def test_what_is_not_there_is_told_in_the_same_bytes(served, program, path):
    answer = ask(served, program(), path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA
    assert answer.content == b'{"title":"Not Found","http_status":"404"}'


def test_objects_are_not_read_from_where_they_are_only_put(program):
    answer = program().get("/collections/contributions/objects/")
    assert answer.status_code == 403
    assert answer.json()["description"] == "this collection takes objects and gives none"


def test_nothing_is_deleted(served, program):
    answer = served.visitor().ask("DELETE", f"{OBJECTS}x/", headers=program().headers)
    assert answer.status_code == 405
    assert answer.json() == {"title": "Method Not Allowed", "http_status": "405"}


def test_nothing_is_kept_by_anybody_on_the_way(program):
    assert program().get("/collections/accepted/objects/").headers["cache-control"] == "no-store"
