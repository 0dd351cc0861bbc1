"""What becomes of a checked text or file: claims, a case, a map; by one click, and only then."""

from __future__ import annotations

import base64
import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown

from books import pdf, sheet, workbook
from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import let_go
from chokepoint.desk.work.case import Case, cases, close_case, open_case
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role

TALK = "they sent me to fresh-scam-site.com today\nand evil.com took the money"
BOOK = workbook(
    ("Sheet1", sheet([["domain", "note"], ["fresh-scam-site.com", "seen"], ["evil.com", "seen"]]))
)


def forms(page):
    """The forms of a page by where they go, each with what it sends."""
    found = {}
    for form in LexborHTMLParser(page).css("form"):
        fields = {
            one.attributes["name"]: one.attributes.get("value")
            or (one.text() if one.tag == "textarea" else "")
            for one in form.css("input, textarea")
            if one.attributes.get("name")
        }
        found.setdefault(form.attributes.get("action"), []).append(fields)
    return found


def checked(person, text):
    person.get("/check")
    person.page = person.post("/check", text=text).text
    return forms(person.page)


def checked_file(person, name, data):
    person.get("/check")
    person.page = person.upload("/check", name, data, text="").text
    return forms(person.page)


def of(web, who, entity):
    return show(web.office.opened_by(Viewer(organisation=who)), entity)


def case_of(web, who="bank", title="Lantern"):
    draft = Case(id="", title=title, purpose="p", owner="ann", review_date="2099-01-01")
    return open_case(web.office.opened_by(Viewer(organisation=who)), draft)


def test_nothing_of_what_is_checked_is_kept(fresh):
    checked(fresh.signed_in("bank"), TALK)
    assert of(fresh, "bank", "fresh-scam-site.com").entity is None


def test_one_click_makes_a_pasted_text_claims_that_lead_back_to_it(fresh):
    bank, police = fresh.signed_in("bank"), fresh.signed_in("police")
    [fields] = checked(bank, TALK)["/check/record"]
    answer = bank.post("/check/record", **(fields | {"source": "a victim", "tlp": "TLP:AMBER"}))
    assert "fresh-scam-site" in shown(bank.get(answer.headers["location"]).text) or answer.status_code == 303
    dossier = of(fresh, "bank", "fresh-scam-site.com")
    assert {one.stored.claim.provenance.origin for one in dossier.evidence} == {"a victim"}
    assert {one.stored.claim.place for one in dossier.evidence} == {"line 1"}
    assert {one.path.rpartition("/")[2] for one in dossier.evidence} == {"pasted text.txt"}
    assert {one.stored.claim.provenance.marking.tlp.label for one in dossier.evidence} == {"TLP:AMBER"}
    assert police.get("/entity?of=fresh-scam-site.com").status_code == 404


def test_a_pasted_text_names_no_campaign_after_the_box_into_which_it_was_pasted(fresh):
    """All that anybody ever pasted would be one campaign."""
    bank = fresh.signed_in("bank")
    [fields] = checked(bank, TALK)["/check/record"]
    bank.post("/check/record", **fields)
    said = {one.stored.claim.property for one in of(fresh, "bank", "fresh-scam-site.com").evidence}
    assert said == {"mentioned-in"}
    assert of(fresh, "bank", "campaign:pasted text").entity is None


def test_the_source_opens_at_the_very_line_that_was_pasted(fresh):
    bank = fresh.signed_in("bank")
    [fields] = checked(bank, TALK)["/check/record"]
    bank.post("/check/record", **fields)
    claim = re.search(r"/source\?claim=[0-9a-f]+", bank.get("/entity?of=fresh-scam-site.com").text)
    assert "they sent me to fresh-scam-site[.]com today" in shown(bank.get(claim[0]).text)


def test_a_text_without_a_source_is_ones_own_organisations(fresh):
    bank = fresh.signed_in("bank")
    [fields] = checked(bank, TALK)["/check/record"]
    bank.post("/check/record", **fields)
    assert of(fresh, "bank", "fresh-scam-site.com").origins == ["bank"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("seen.xlsx", BOOK, id="spreadsheet"),
        pytest.param("seen.csv", b"domain,note\nfresh-scam-site.com,seen\n", id="table"),
        pytest.param("seen.pdf", pdf(["victims were sent to fresh-scam-site.com"]), id="PDF"),
    ],
)
def test_a_file_is_checked_and_one_click_makes_it_claims(fresh, name, data):
    bank = fresh.signed_in("bank")
    [fields] = checked_file(bank, name, data)["/check/record"]
    assert "fresh-scam-site[.]com" in shown(bank.page)
    assert of(fresh, "bank", "fresh-scam-site.com").entity is None
    answer = bank.post("/check/record", **fields)
    assert answer.headers["location"].startswith("/collect/")
    dossier = of(fresh, "bank", "fresh-scam-site.com")
    assert {one.path.rpartition("/")[2] for one in dossier.evidence} == {name}
    capture = dossier.evidence[0].stored.claim.provenance.capture
    assert fresh.office.atlas.vault.get(capture) == data


def test_a_file_too_large_for_a_page_is_sent_to_where_files_are_dropped(web, monkeypatch):
    monkeypatch.setattr("chokepoint.web.pages.check.CARRIED", 10)
    bank = web.signed_in("bank")
    found = checked_file(bank, "list.csv", b"domain\nevil.com\n")
    assert "/check/record" not in found
    assert "too large to be carried on" in shown(bank.page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"text": ""}, "nothing to put on record", id="empty"),
        pytest.param({"text": " \n"}, "nothing to put on record", id="blank"),
        pytest.param({"text": "evil.com", "tlp": "PURPLE"}, "unknown TLP label", id="no such label"),
        pytest.param({"text": "evil.com", "grade": "Z9"}, "", id="no such grade"),
        pytest.param({"content": "###"}, "came back changed", id="no base64"),
        pytest.param({"text": "evil.com", "source": "a\x00b"}, "publisher", id="a hidden character"),
    ],
)
def test_what_cannot_be_put_on_record_is_refused_in_words(web, fields, words):
    person = web.signed_in("bank")
    person.get("/check")
    answer = person.post("/check/record", **fields)
    assert answer.status_code in {403, 422}
    assert words in answer.text


def test_a_hostile_file_name_is_harmless_on_the_way(fresh):
    bank = fresh.signed_in("bank")
    [fields] = checked_file(bank, "../../\u202efdp.<b>exe.csv", b"domain\nfresh-scam-site.com\n")[
        "/check/record"
    ]
    answer = bank.post("/check/record", **fields)
    assert answer.status_code == 303
    assert "<b>" not in bank.get(answer.headers["location"]).text


def test_one_click_puts_what_was_found_into_an_open_case(fresh):
    case, bank = case_of(fresh), fresh.signed_in("bank")
    found = checked(bank, TALK)["/check/case"]
    assert (
        bank.post("/check/case", names=found[0]["names"], case=case.id).headers["location"]
        == f"/case/{case.id}"
    )
    text = shown(bank.get(f"/case/{case.id}").text)
    assert "evil[.]com" in text
    assert "fresh-scam-site[.]com" in text


def test_one_click_opens_a_case_about_what_was_found(fresh):
    bank = fresh.signed_in("bank")
    [fields] = checked(bank, TALK)["/check/case"]
    answer = bank.post(
        "/check/case", **(fields | {"title": "Sent to a shop", "purpose": "find who is behind it"})
    )
    (case,) = cases(fresh.office.opened_by(Viewer(organisation="bank")))
    assert answer.headers["location"] == f"/case/{case.id}"
    assert (case.title, case.owner, case.review_date) == ("Sent to a shop", "bank", fields["review"])
    assert "fresh-scam-site[.]com" in shown(bank.get(f"/case/{case.id}").text)


def test_a_case_without_a_purpose_is_not_opened(fresh):
    bank = fresh.signed_in("bank")
    [fields] = checked(bank, TALK)["/check/case"]
    assert bank.post("/check/case", **(fields | {"title": "x", "purpose": ""})).status_code == 403
    assert not cases(fresh.office.opened_by(Viewer(organisation="bank")))


def test_only_open_cases_of_ones_own_organisation_are_offered(fresh):
    ours, theirs, over = case_of(fresh), case_of(fresh, "police", "Not ours"), case_of(fresh, title="Over")
    close_case(fresh.office.opened_by(Viewer(organisation="bank")), over.id, "done")
    bank = fresh.signed_in("bank")
    checked(bank, TALK)
    offered = [one.attributes["value"] for one in LexborHTMLParser(bank.page).css("select#case option")]
    assert offered == [ours.id]
    for one in (theirs, over):
        assert bank.post("/check/case", names="domain-name:evil.com", case=one.id).status_code == 403


def test_what_is_known_goes_first_and_what_many_share_is_no_lead(web):
    bank = web.signed_in("bank")
    found = checked(bank, "brand-new-thing.com\nevil.com\n")
    assert found["/map"][0]["of"] == "domain-name:evil.com\ndomain-name:brand-new-thing.com"


def test_one_click_shows_it_all_on_the_map(web):
    bank = web.signed_in("bank")
    wanted = checked(bank, "shop-evil.com and evil.com\n")["/map"][0]["of"]
    page = bank.ask("GET", "/map", params={"of": wanted}).text
    assert "shop-evil[.]com" in page
    assert "copper lantern" in page


def test_more_than_an_address_holds_is_cut_between_two_things(web):
    bank = web.signed_in("bank")
    lines = "\n".join(f"very-long-name-of-a-shop-number-{number}.example.com" for number in range(120))
    [fields] = checked(bank, lines)["/map"]
    assert len(fields["of"]) <= 3_900
    assert all(one.endswith(".example.com") for one in fields["of"].split("\n"))


def test_who_may_not_put_on_record_is_offered_the_map_alone(fresh):
    person = fresh.hired("bank/vic", Role.VETTER)
    found = checked(person, TALK)
    assert "/map" in found
    assert not {"/check/record", "/check/case"} & found.keys()
    assert person.post("/check/record", text="evil.com was seen").status_code == 403
    assert person.post("/check/case", names="domain-name:evil.com", title="x", purpose="y").status_code == 403


def test_who_has_left_puts_nothing_on_record(fresh):
    person = fresh.hired("bank/ann", Role.INVESTIGATOR)
    [fields] = checked(person, TALK)["/check/record"]
    let_go(fresh.office.opened_by(Viewer(organisation="bank")), "ann")
    assert person.post("/check/record", **fields).headers["location"].startswith("/sign-in")
    assert of(fresh, "bank", "fresh-scam-site.com").entity is None


def test_what_leads_on_from_an_answer_opens_beside_it_as_no_browser_comes_back_to_it(web):
    bank = web.signed_in("bank")
    bank.get("/check")
    page = LexborHTMLParser(bank.post("/check", text="pay to evil.com").text)
    leading = [*page.css("table a"), *page.css('form[action="/map"]')]
    assert len(leading) >= 3
    assert {one.attributes.get("target") for one in leading} == {"_blank"}
    assert {one.attributes.get("rel") for one in leading} == {"noopener"}


def test_a_file_that_is_called_as_pasted_text_is_read_as_the_file_that_it_is(fresh):
    person = fresh.signed_in("bank")
    sent = checked_file(person, "pasted text", "déjà evil.com".encode("latin-1"))["/check/record"][0]
    assert "evil.com" in person.page
    assert base64.b64decode(sent["content"]) == "déjà evil.com".encode("latin-1")


def test_each_thing_is_shown_with_its_role_and_the_reason(web):
    bank = web.signed_in("bank")
    checked(bank, '{"whitelist": ["good-example.com"], "blacklist": ["bad-example.com"]}')
    page = bank.page
    told = " ".join(LexborHTMLParser(page).css_first("table.check").text(separator=" ").split())
    assert re.search(r"good-example\S*com\S* only context ?: it stands under 'whitelist'", told)
    assert re.search(r"bad-example\S*com\S* indicator ?: the text says 'blacklist' beside it", told)


def test_what_is_only_context_goes_into_no_case(web):
    bank = web.signed_in("bank")
    found = checked(bank, '{"whitelist": ["good-example.com"], "blacklist": ["bad-example.com"]}')
    assert found["/check/case"][0]["names"].split("\n") == ["domain-name:bad-example.com"]


def test_words_of_a_hostile_key_are_no_markup(web):
    bank = web.signed_in("bank")
    checked(bank, '{"safe": {"a<b>x": "good-example.com"}}')
    assert "<b>x" not in bank.page


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "simple contexte"), ("th", "เป็นเพียงบริบท"), ("ar", "سياق فقط")]
)
def test_the_role_is_said_in_the_readers_language(web, language, words):
    bank = web.signed_in("bank")
    bank.get("/check")
    page = bank.post(
        "/check", headers={"accept-language": language}, text='{"whitelist": ["good-example.com"]}'
    ).text
    assert words in page


def test_a_role_is_read_on_a_phone_within_its_row(web):
    """Pages of 390 px show each cell of the table as a block, in which a long reason may break."""
    bank = web.signed_in("bank")
    checked(bank, '{"%s": ["good-example.com"]}' % ("white_list_" * 5))
    [told] = LexborHTMLParser(bank.page).css("table.check td .role")
    assert told.css_first("bdi").text() == f"it stands under '{'white_list_' * 5}'"
