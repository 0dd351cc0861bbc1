"""Adding objects: they go through the intake as files do, and a status tells what became of each."""

from __future__ import annotations

import json
import uuid

import pytest
from taxii_desk import MEDIA, ROOT, Program, as_one

from chokepoint.desk.looking.look import show
from chokepoint.model.marking import Tlp
from chokepoint.model.role import Role

DOMAIN = {
    "type": "domain-name",
    "spec_version": "2.1",
    "id": "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
    "value": "added.example",
}
GROUP = {
    "type": "intrusion-set",
    "spec_version": "2.1",
    "id": "intrusion-set--0c7e22ad-b099-4dc3-b0df-2ea3f49ae2e6",
    "created": "2026-01-01T00:00:00.000Z",
    "modified": "2026-01-02T00:00:00.000Z",
    "name": "Brass Lamp",
}
LINK = {
    "type": "relationship",
    "spec_version": "2.1",
    "id": "relationship--57b56a43-b8b0-4cba-9deb-34e3e1faed9e",
    "created": "2026-01-01T00:00:00.000Z",
    "modified": "2026-01-01T00:00:00.000Z",
    "relationship_type": "uses",
    "source_ref": GROUP["id"],
    "target_ref": DOMAIN["id"],
}
BROKEN = {"type": "indicator", "spec_version": "2.1", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
          "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "pattern": "[[", "pattern_type": "stix"}  # fmt: skip


def settled(one, objects):
    """The status of objects that were added, when they are read."""
    answer = one.post(objects)
    assert answer.status_code == 202, answer.text
    one.web.office.intake.settle()
    return one.get(f"/status/{answer.json()['id']}/").json()


def test_what_is_added_is_answered_with_a_status(own):
    answer = Program(own).post([DOMAIN, GROUP, LINK])
    said = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (202, MEDIA)
    assert uuid.UUID(said["id"])
    assert said["status"] in {"pending", "complete"}
    assert said["total_count"] == 3
    assert said["success_count"] + said["failure_count"] + said["pending_count"] == 3
    own.office.intake.settle()


def test_what_is_added_is_proposed_under_the_organisations_name(own):
    status = settled(Program(own, "bank"), [DOMAIN, GROUP, LINK])
    assert (status["status"], status["success_count"], status["failure_count"]) == ("complete", 3, 0)
    assert status["successes"][1] == {"id": GROUP["id"], "version": GROUP["modified"]}
    dossier = show(as_one(own, "bank"), "added.example")
    (link,) = [one for one in dossier.evidence if one.stored.claim.property == "uses"]
    assert link.stored.contributor == "bank"
    assert link.stored.claim.provenance.marking.tlp is Tlp.AMBER
    assert link.standing.verdict.value == "proposed"
    assert link.path.endswith("taxii.json")
    assert show(as_one(own, "vendor"), "added.example").entity is None


def test_a_broken_object_fails_alone_and_says_why(own):
    status = settled(Program(own), [DOMAIN, BROKEN, GROUP])
    assert (status["success_count"], status["failure_count"]) == (2, 1)
    (failure,) = status["failures"]
    assert failure["id"] == BROKEN["id"]
    assert "pattern" in failure["message"]


def test_objects_of_no_known_kind_break_nothing(own):
    status = settled(
        Program(own), [DOMAIN, {"type": "x-thing", "id": "x-thing--1"}, {"no": "type"}, {"id": 7}, 7]
    )
    assert status["total_count"] == 5
    assert status["success_count"] >= 1
    assert status["failure_count"] >= 3


def test_only_who_added_may_ask_what_became_of_it(own):
    one = Program(own, "bank")
    name = one.post([DOMAIN]).json()["id"]
    own.office.intake.settle()
    assert one.get(f"/status/{name}/").status_code == 200
    other = Program(own, "police").get(f"/status/{name}/")
    absent = one.get(f"/status/{uuid.uuid4()}/")
    assert (other.status_code, other.content) == (404, absent.content)


def test_a_file_that_a_browser_sent_is_no_status(own):
    person = own.signed_in("bank")
    person.get("/collect")
    where = person.upload("/collect", "a.txt", b"evil.example").headers["location"]
    own.office.intake.settle()
    name = uuid.UUID(where.rpartition("/")[2])
    assert Program(own).get(f"/status/{name}/").status_code == 404


def test_what_was_added_stands_on_the_page_of_what_was_brought_in(own):
    settled(Program(own), [DOMAIN])
    person = own.signed_in("bank")
    assert "taxii.json" in person.get("/collect").text


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/stix+json;version=2.1",
        "",
        "text/plain",
        "application/taxii+json;version=2.0",
    ],
)
def test_another_kind_of_body_is_refused(program, kind):
    answer = program().post([DOMAIN], **{"content-type": kind})
    assert answer.status_code == 415
    assert answer.json() == {"title": "Unsupported Media Type", "http_status": "415"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[]", id="no envelope"),
        pytest.param(b'{"objects": []}', id="no objects"),
        pytest.param(b'{"objects": {}}', id="objects that are no list"),
        pytest.param(b"{}", id="an empty envelope"),
        pytest.param(b'{"objects": [' + b"[" * 5_000 + b"]" * 5_000 + b"]}", id="too deep"),
        pytest.param(b'{"objects": [{"type": "\xff"}]}', id="no UTF-8"),
        pytest.param('{"objects": [{}]}'.encode("utf-16"), id="UTF-16"),
    ],
)
def test_a_body_that_is_no_envelope_is_a_bad_request(served, program, body):
    one = program()
    answer = served.visitor().ask(
        "POST",
        f"{ROOT}/collections/contributions/objects/",
        content=body,
        headers=one.headers | {"content-type": MEDIA},
    )
    assert (answer.status_code, answer.json()["http_status"]) == (400, "400")
    assert not list(served.office.intake.of(served.office.opened_by(_bank()).viewer))


def _bank():
    from chokepoint.model.marking import Viewer  # noqa: PLC0415 - only here

    return Viewer(organisation="bank")


def test_too_much_at_once_is_told(served, program):
    one = program()
    many = json.dumps({"objects": [{}] * 20_001}).encode()
    large = b'{"objects": ["' + b"x" * (4 * 1024 * 1024) + b'"]}'
    for body in (many, large):
        answer = served.visitor().ask(
            "POST",
            f"{ROOT}/collections/contributions/objects/",
            content=body,
            headers=one.headers | {"content-type": MEDIA},
        )
        assert answer.status_code == 413


def test_nothing_is_put_where_objects_are_only_read(served, program):
    one = program()
    answer = served.visitor().ask(
        "POST",
        f"{ROOT}/collections/accepted/objects/",
        json={"objects": [DOMAIN]},
        headers=one.headers | {"content-type": MEDIA},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("scopes", [("look",), ("check",)])
def test_a_key_that_is_for_looking_adds_nothing(program, scopes):
    assert program(scopes=scopes).post([DOMAIN]).status_code == 403


def test_who_may_not_contribute_has_no_collection_for_it(own):
    own.hired("bank/vera", Role.VETTER)
    vera = Program(own, "bank/vera")
    assert [one["alias"] for one in vera.get("/collections/").json()["collections"]] == ["accepted"]
    assert vera.post([DOMAIN]).content == vera.get("/collections/nothing/").content


def test_who_may_do_nothing_gets_no_list(own):
    own.hired("bank/adam", Role.ADMINISTRATOR)
    answer = Program(own, "bank/adam").get("/collections/")
    assert (answer.status_code, answer.json()) == (200, {})


def test_a_browser_adds_nothing_without_its_pages_token(served):
    person = served.signed_in("bank")
    answer = person.ask(
        "POST",
        f"{ROOT}/collections/contributions/objects/",
        json={"objects": [DOMAIN]},
        headers={"content-type": MEDIA, "accept": MEDIA},
    )
    assert answer.status_code == 403
