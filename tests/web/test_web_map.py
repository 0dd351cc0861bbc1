"""The map's page and what its scripts ask for: the viewer's map, in their language, and nothing behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_world import EVIL, GANG, HOSTILE, SECRET, SHOP, WALLET, say

from chokepoint.desk.canvas import MOST_NODES
from chokepoint.desk.watch.access import looks
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Marking, Tlp, Viewer

if TYPE_CHECKING:
    from web_desk import Person, Web

ROOT = "/api/v1/map"
ASKED: dict[str, dict[str, Any]] = {
    "begin": {"of": "evil.com"},
    "piece": {"names": [str(EVIL), str(GANG)]},
    "branches": {"name": str(EVIL)},
    "expand": {"name": str(EVIL), "property": "attributed-to", "backward": False, "beside": []},
    "path": {"start": str(EVIL), "goal": str(SHOP)},
    "overview": {"way": []},
    "export": {"form": "graphml", "names": [str(EVIL), str(GANG)]},
    "views": {"title": "t", "things": [{"id": str(EVIL), "x": 1, "y": 2}]},
}


def ask(person: Person, path: str, body: Any = None, *, token: str | None = None) -> Any:
    """A question as the page's scripts ask it."""
    if body is None:
        return person.ask("GET", f"{ROOT}/{path}")
    headers = {"x-csrf-token": person.token() if token is None else token}
    return person.ask("POST", f"{ROOT}/{path}", json=body, headers=headers)


def told(answer: Any) -> Any:
    assert answer.status_code in {200, 201}, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


@pytest.fixture(scope="module")
def bank(web: Web) -> Person:
    return web.signed_in("bank")


@pytest.mark.parametrize("path", ASKED)
def test_every_question_is_answered(fresh, path):
    assert ask(fresh.signed_in("bank"), path, ASKED[path]).status_code in {200, 201}


@pytest.mark.parametrize("path", [*ASKED, "countries"])
def test_nobody_without_a_seat_is_answered(web, path):
    body = ASKED.get(path)
    visitor = web.visitor()
    visitor.get("/sign-in")
    assert ask(visitor, path, body).status_code == 401


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("token", ["", "forged"])
def test_what_another_site_made_the_browser_ask_is_refused(bank, path, token):
    assert ask(bank, path, ASKED[path], token=token).status_code == 403


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize(
    "body",
    [[], {}, {"surprise": 1}, {"of": 1, "names": 2, "name": [], "way": "x"}],
    ids=["list", "empty", "unknown", "types"],
)
def test_a_question_of_another_form_is_refused_and_breaks_nothing(bank, path, body):
    assert ask(bank, path, body).status_code == 422


def test_the_page_names_what_it_begins_with_and_carries_a_token(bank):
    page = bank.get("/map?of=evil.com").text
    assert 'data-of="evil.com"' in page
    assert 'data-token="' in page
    assert "canvas/main.js" in page


def test_without_scripts_the_page_is_a_table(bank):
    page = bank.get("/map?of=evil.com").text
    table = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "copper lantern" in table
    assert "evil[.]com" in table
    assert 'scope="row"' in table


@pytest.mark.parametrize(
    "asked", ["nobody.example", "hidden hand", '"><script>alert(1)</script>', "\u202e", "x" * 9_000, ""]
)
def test_the_page_opens_whatever_is_asked_for(bank, asked):
    answer = bank.ask("GET", "/map", params={"of": asked})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_words_of_the_scripts_are_whole_json(bank):
    page = bank.get("/map").text
    words = page.split("data-words='", 1)[1].split("'", 1)[0]
    assert json.loads(words)["expand"] == "Expand by"


def test_a_beginning_holds_the_thing_first(bank):
    found = told(ask(bank, "begin", {"of": "evil[.]com"}))
    assert found["nodes"][0]["id"] == str(EVIL)
    assert {node["id"] for node in found["nodes"]} == {str(EVIL), str(GANG), str(SHOP), str(WALLET)}


@pytest.mark.parametrize(
    "of", ["nobody.example", str(SECRET), "hidden hand"], ids=["absent", "hidden", "by name"]
)
def test_what_is_hidden_is_as_absent_as_what_does_not_exist(bank, of):
    answer = ask(bank, "begin", {"of": of})
    assert (answer.status_code, answer.json()) == (404, {"status": 404})


def test_the_police_sees_its_own_secret(web):
    found = told(ask(web.signed_in("police"), "begin", {"of": "evil.com"}))
    assert str(SECRET) in {node["id"] for node in found["nodes"]}


def test_counts_do_not_tell_of_what_is_hidden(web, bank):
    counted = [
        {one["property"]: one["count"] for one in told(ask(person, "branches", {"name": str(EVIL)}))}[
            "attributed-to"
        ]
        for person in (bank, web.signed_in("police"))
    ]
    assert counted == [1, 2]


def test_hostile_names_are_spelt_out_and_never_markup(bank):
    [node] = told(ask(bank, "piece", {"names": [str(HOSTILE)]}))["nodes"] or [None]
    if node is not None:
        assert "\u202e" not in node["label"]


def test_an_expansion_counts_what_is_there_already(bank):
    asked = {"name": str(GANG), "property": "attributed-to", "backward": True, "beside": [str(EVIL)]}
    found = told(ask(bank, "expand", asked))
    assert [node["id"] for node in found["nodes"]] == [str(GANG), str(EVIL), str(SHOP)]


def test_a_path_says_each_hop_in_words_with_its_evidence(bank):
    found = told(ask(bank, "path", {"start": str(EVIL), "goal": str(SHOP)}))
    hops = found["paths"][0]["hops"]
    assert [hop["to"]["shown"] for hop in hops] == ["copper lantern", "shop-evil[.]com"]
    assert hops[0]["label"] != hops[1]["label"], "the second is walked against its direction"
    assert all(hop["evidence"] for hop in hops)


def test_evidence_and_counts_are_told_in_the_readers_language(bank):
    asked = {"x-csrf-token": bank.token(), "accept-language": "th"}
    body = {"start": str(EVIL), "goal": str(SHOP)}
    found = told(bank.ask("POST", f"{ROOT}/path", json=body, headers=asked))
    places = [one["source"]["place"] for hop in found["paths"][0]["hops"] for one in hop["evidence"]]
    assert set(places) == {"บรรทัด 1", "บรรทัด 2"}
    branches = told(bank.ask("POST", f"{ROOT}/branches", json={"name": str(EVIL)}, headers=asked))
    assert {"กลุ่ม": 1} in [one["kinds"] for one in branches]


def test_no_path_is_an_answer_and_no_error(bank):
    assert told(ask(bank, "path", {"start": str(EVIL), "goal": "group:nobody"}))["paths"] == []


def test_the_whole_of_a_small_map_comes_node_by_node(bank):
    found = told(ask(bank, "overview", {"way": []}))
    assert found["bubbles"] == []
    assert len(found["piece"]["nodes"]) == found["total"]


@pytest.mark.parametrize("way", [[0], [-1], [2**70], [0] * 1_000], ids=["beyond", "negative", "huge", "deep"])
def test_a_part_that_does_not_exist_is_not_found(bank, way):
    assert ask(bank, "overview", {"way": way}).status_code in {404, 422}


def test_more_than_a_canvas_holds_is_refused_with_the_reason(bank):
    answer = ask(bank, "piece", {"names": [f"domain-name:n{at}.com" for at in range(MOST_NODES + 1)]})
    assert answer.status_code == 413
    assert "10,000" in answer.json()["reason"]


def test_an_export_leaves_as_a_file_and_says_what_stayed(bank):
    answer = ask(bank, "export", ASKED["export"])
    assert answer.headers["content-disposition"] == "attachment"
    assert b"<graphml" in answer.content


def test_an_export_holds_nothing_that_not_everybody_may_have(web, bank):
    asked = {"form": "stix", "names": [str(EVIL), str(SECRET), str(GANG)]}
    theirs, ours = ask(web.signed_in("police"), "export", asked), ask(bank, "export", asked)
    assert b"hidden hand" not in theirs.content
    assert int(theirs.headers["x-left-out"]) > int(ours.headers["x-left-out"])


@pytest.mark.parametrize(
    "body", [{"form": "exe", "names": ["a:b"]}, {"form": "stix", "names": []}], ids=["form", "nothing"]
)
def test_an_export_that_cannot_be_is_refused_with_a_mend(bank, body):
    answer = ask(bank, "export", body)
    assert answer.status_code == 422
    assert answer.json()["mend"]


def test_a_kept_view_is_opened_by_whoever_may_see_it(fresh):
    bank, police = fresh.signed_in("bank"), fresh.signed_in("police")
    kept = told(ask(bank, "views", ASKED["views"]))["id"]
    assert [one["id"] for one in told(ask(police, "views"))] == [kept]
    opened = told(ask(police, f"views/{kept}"))
    assert opened["places"] == [{"id": str(EVIL), "x": 1, "y": 2, "pinned": False}]
    assert 'data-view="' + kept in police.get(f"/map?view={kept}").text


def test_a_kept_view_may_stay_in_the_house(fresh):
    bank, police = fresh.signed_in("bank"), fresh.signed_in("police")
    kept = told(ask(bank, "views", ASKED["views"] | {"tlp": "TLP:RED"}))["id"]
    assert told(ask(police, "views")) == []
    assert ask(police, f"views/{kept}").status_code == ask(police, "views/view-0").status_code == 404
    assert ask(police, f"views/{kept}").content == ask(police, "views/view-0").content


@pytest.mark.parametrize(
    "change",
    [{"tlp": "TLP:PINK"}, {"title": ""}, {"layout": "spiral"}, {"things": []}],
    ids=["label", "title", "layout", "nothing"],
)
def test_a_view_that_cannot_be_kept_is_refused_with_the_reason(bank, change):
    answer = ask(bank, "views", ASKED["views"] | change)
    assert answer.status_code in {403, 422}
    assert answer.json()["reason"]


def test_a_look_at_the_map_is_logged(fresh):
    ask(fresh.signed_in("bank"), "begin", {"of": "evil.com"})
    entries = [seen.entry for seen in looks(fresh.office.opened_by(Viewer(organisation="bank")))]
    assert ("map", "evil.com") in {(one.verb, one.asked) for one in entries}


def test_opening_the_map_around_a_thing_is_one_look(fresh):
    fresh.signed_in("bank").get("/map?of=evil.com")
    entries = [seen.entry for seen in looks(fresh.office.opened_by(Viewer(organisation="bank")))]
    assert [(one.verb, one.asked) for one in entries] == [("map", "evil.com")]


def test_the_page_brings_along_what_its_scripts_begin_with(bank):
    page = LexborHTMLParser(bank.get("/map?of=evil.com").text)
    brought = json.loads(page.css_first(".map").attributes["data-piece"])
    assert brought == told(ask(bank, "begin", {"of": "evil.com"}))


def test_several_things_a_line_each_open_together(bank):
    found = told(ask(bank, "begin", {"of": f"{SHOP}\r\n\ngroup:hidden hand\n{HOSTILE}\n{EVIL}"}))
    names = [one["id"] for one in found["nodes"]]
    assert {str(SHOP), str(EVIL), str(GANG)} <= set(names)
    assert "hidden hand" not in str(found)


def test_what_nobody_knows_brings_nothing_along(bank):
    page = LexborHTMLParser(bank.get("/map?of=nobody.example").text)
    assert not page.css_first(".map").attributes["data-piece"]


def test_countries_have_the_numbers_of_the_shapes(bank):
    assert told(ask(bank, "countries"))["TH"] == "764"


@pytest.mark.parametrize("form", ["graphml", "stix"])
def test_what_goes_further_than_clear_is_exported_under_its_label(fresh, form):
    amber = Marking(tlp=Tlp.AMBER)
    say(fresh.office.opened_by(Viewer(organisation="bank")), "Ours", amber, ((EVIL, "uses", GANG),))
    bank = fresh.signed_in("bank")
    wish, left = {"form": form, "names": [str(EVIL), str(GANG)]}, []
    for tlp, inside in (
        ("TLP:CLEAR", False),
        ("TLP:GREEN", False),
        ("TLP:AMBER", True),
        ("TLP:AMBER+STRICT", True),
    ):
        answer = ask(bank, "export", wish | {"tlp": tlp})
        assert ("TLP:AMBER" in answer.text) is inside
        left.append(int(answer.headers["x-left-out"]))
    assert left[1] == left[2] + 1
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("tlp", ["TLP:RED", "TLP:PURPLE", "", "amber"])
def test_no_file_is_made_under_red_or_no_label(bank, tlp):
    answer = ask(bank, "export", ASKED["export"] | {"tlp": tlp})
    assert answer.status_code in {403, 422}
    assert answer.json()["reason"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "joins nothing"), ("fr", "ne relie rien")],
    ids=["English", "in the reader's language"],
)
def test_a_path_through_what_is_shared_is_told_with_its_warning(fresh, language, words):
    bank = fresh.office.opened_by(Viewer(organisation="bank"))
    ends = ("domain-name:left.example", "domain-name:right.example")
    links = [(end, "resolves-to", "ipv4-addr:194.58.112.174") for end in ends]
    listed = ("ipv4-addr:194.58.112.174", "listed-on", "known-list:parking domains ip")
    note(bank, Draft(text="seen", links=(*links, listed)))
    person = fresh.signed_in("bank")
    asked = {"start": ends[0], "goal": ends[1]}
    headers = {"x-csrf-token": person.token(), "accept-language": language}
    told = person.ask("POST", f"{ROOT}/path", json=asked, headers=headers)
    assert told.status_code == 200
    [warning] = told.json()["paths"][0]["warnings"]
    assert words in warning
    assert "194[.]58[.]112[.]174" in warning
    plain = person.ask("GET", f"/api/v1/path?start={asked['start']}&goal={asked['goal']}")
    assert plain.status_code == 200


def test_a_warning_of_a_path_is_told_to_the_map_without_what_it_would_spell_out(fresh):
    bank = fresh.office.opened_by(Viewer(organisation="bank"))
    ends = ("domain-name:left.example", "domain-name:right.example")
    links = [(end, "resolves-to", "ipv4-addr:194.58.112.174") for end in ends]
    listed = ("ipv4-addr:194.58.112.174", "listed-on", "known-list:parking domains ip")
    note(bank, Draft(text="seen", links=(*links, listed)))
    person = fresh.signed_in("bank")
    headers = {"x-csrf-token": person.token(), "accept-language": "ar"}
    found = person.ask("POST", f"{ROOT}/path", json={"start": ends[0], "goal": ends[1]}, headers=headers)
    [warning] = found.json()["paths"][0]["warnings"]
    assert "194[.]58[.]112[.]174" in warning
    assert not set("\u2066\u2067\u2068\u2069") & set(warning)
