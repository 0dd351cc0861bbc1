"""A refused form comes back on its page, with why and with what was typed; what is hidden stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown

from chokepoint.desk.people.circle import make_group
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.operation import Operation, open_operation
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from httpx import Response
    from web_desk import Person, Web

GONE = "2020-01-01"
"""No day to look at anything again."""
TAG = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def ada(web: Web) -> Person:
    """She may all that an organisation lets a person do, in the organisation that founded the atlas."""
    return web.hired("bank/ada", Role.INVESTIGATOR, Role.VETTER, Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def made(web: Web, ada: Person) -> dict[str, str]:
    """Where a case and an operation of hers stand, and the name of a group of her organisation."""
    atlas = web.office.opened_by(Viewer(organisation="bank", user="ada"))
    green = Marking(tlp=Tlp.GREEN)
    case = open_case(
        atlas,
        Case(id="", title="T", purpose="p", owner="ada", review_date="2099-01-01", members=(), marking=green),
    )
    operation = open_operation(atlas, Operation(id="", name="O", basis="", partners=(), marking=green))
    return {
        "case": f"/case/{case.id}",
        "operation": f"/operation/{operation.id}",
        "group": make_group(atlas, "Lanterns", ["bank"]).scope,
    }


def fields(html: str, path: str) -> dict[str, Any]:
    """What the forms that are sent to a path hold, hidden fields left out; ticked boxes and choices as lists."""
    held: dict[str, Any] = {}
    for form in LexborHTMLParser(html).css(f'form[action="{path}"]'):
        for one in form.css("input:not([type=hidden]):not([type=file]), textarea:not([hidden]), select"):
            name, kind = one.attributes.get("name"), one.attributes.get("type")
            if one.tag == "textarea":
                held[name] = one.text()
            elif one.tag == "select":
                held[name] = [each.attributes.get("value") for each in one.css("option[selected]")]
            elif kind == "checkbox":
                ticked = [one.attributes.get("value")] if "checked" in one.attributes else []
                held[name] = held.get(name, []) + ticked
            else:
                held[name] = one.attributes.get("value") or ""
    return held


class Sent(NamedTuple):
    """A form that is refused: its page, where it goes, what is typed, chosen or ticked, and what it hides."""

    page: str
    path: str
    typed: dict[str, str]
    chosen: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it
    hidden: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it

    def by(self, person: Person, made: dict[str, str]) -> Response:
        """Its answer."""
        person.get(self.page.format(**made))
        hidden = {name: value.format(**made) for name, value in self.hidden.items()}
        return person.post(self.path.format(**made), **self.typed, **self.chosen, **hidden)


FORMS = [
    pytest.param(
        Sent(
            "/case",
            "/case",
            {
                "title": "Mango",
                "purpose": "victims\nin Kenya",
                "owner": "ann",
                "members": "x",
                "review": GONE,
            },
            {"tlp": "GREEN"},
        ),
        id="a case on a day that is gone",
    ),
    pytest.param(
        Sent(
            "/operation",
            "/operation",
            {"name": "Ripe Fruit", "basis": "case-none", "partners": "KE, TH:police"},
            {"tlp": "CLEAR"},
        ),
        id="an operation from a case that is none",
    ),
    pytest.param(
        Sent(
            "{operation}",
            "{operation}/act",
            {"target": "no such thing", "on": "2026-05-01", "by": "the registrar of the island"},
            {"mode": "seizure"},
        ),
        id="an action on what nobody knows",
    ),
    pytest.param(
        Sent("{operation}", "{operation}/change", {"partners": "Atlantis"}, {"state": "under way"}),
        id="a partner from no country",
    ),
    pytest.param(Sent("{case}", "{case}/change", {"thing": "???"}), id="a thing that is none"),
    pytest.param(Sent("{case}", "{case}/change", {"add": "nobody"}), id="a member who is none"),
    pytest.param(
        Sent("/package", "/package/build", {"target": "evil.com", "recipients": "police, vendor"}),
        id="a package of what nobody accepted",
    ),
    pytest.param(
        Sent("/account", "/account/keys", {"label": "our feed", "days": "900"}, {"scopes": "look"}),
        id="a key for too long",
    ),
    pytest.param(
        Sent("/member/people", "/member/people/invite", {"user": "two words"}, {"role": "vetter"}),
        id="an invitation of two words",
    ),
    pytest.param(
        Sent("/member/people", "/member/people/appoint", {"user": "nowhere/kim"}, {"role": "overseer"}),
        id="a role for somebody who is not there",
    ),
    pytest.param(
        Sent("/member/groups", "/member/groups", {"name": "Night watch", "members": "bank, stranger"}),
        id="a group with a stranger",
    ),
    pytest.param(
        Sent(
            "/member/groups", "/member/groups/ask", {"owner": "nobody", "group": "Lanterns", "why": "shops"}
        ),
        id="a wish to nobody",
    ),
    pytest.param(
        Sent(
            "/member/groups",
            "/member/groups/change",
            {"add": "stranger", "remove": "vendor"},
            hidden={"group": "{group}"},
        ),
        id="a stranger taken in",
    ),
    pytest.param(
        Sent(
            "/member/one?name=bank",
            "/member/describe",
            {"country": "ZZ", "capabilities": "takedown:domain-name", "parents": "Holding", "feeds": "Feed"},
            {"sector": "bank"},
            {"name": "bank"},
        ),
        id="a member of no country",
    ),
    pytest.param(
        Sent("/access", "/access", {"entity": "???", "reason": "they live there"}, hidden={"word": "safety"}),
        id="a flag on what is nothing",
    ),
]


@pytest.mark.parametrize("sent", FORMS)
class TestEveryForm:
    """Whatever a person typed is still there after the desk said no."""

    def test_what_was_typed_and_chosen_comes_back(self, ada, made, sent):
        answer = sent.by(ada, made)
        assert answer.status_code in {403, 404, 422}
        chosen = {name: [value] for name, value in sent.chosen.items()}
        assert (sent.typed | chosen).items() <= fields(answer.text, sent.path.format(**made)).items()

    def test_the_page_says_why_above_it_and_takes_the_focus_there(self, ada, made, sent):
        (told,) = LexborHTMLParser(sent.by(ada, made).text).css("main > [role=alert]")
        assert {"autofocus", "tabindex"} <= told.attributes.keys()
        why, *_, kept = (shown(one.html) for one in told.css("p"))
        assert len(why) > len("That was refused: ")
        assert kept == "What you typed is still in the form; files must be chosen again."

    def test_no_other_form_of_the_page_takes_the_words(self, ada, made, sent):
        before, after = ada.get(sent.page.format(**made)).text, sent.by(ada, made).text
        forms = LexborHTMLParser(before).css("main form[method=post]")
        others = {one.attributes["action"] for one in forms} - {sent.path.format(**made)}
        assert {one: fields(before, one) for one in others} == {one: fields(after, one) for one in others}


class TestWhatWasChecked:
    """The text that was pasted is carried on, and so are the words about it."""

    def test_a_grade_that_is_none_keeps_the_text_its_lines_and_who_said_it(self, ada):
        ada.get("/check")
        answer = ada.post("/check/record", text="pay to evil.com", source="Ann", grade="Z9", tlp="TLP:GREEN")
        assert answer.status_code == 422
        assert fields(answer.text, "/check")["text"] == "pay to evil.com"
        assert fields(answer.text, "/check/record") == {"source": "Ann", "tlp": ["TLP:GREEN"]}
        assert "copper lantern" in shown(answer.text)

    def test_a_case_on_a_day_that_is_gone_keeps_title_purpose_and_things(self, ada):
        ada.get("/check")
        names = "domain-name:evil.com\ndomain-name:shop-evil.com"
        answer = ada.post("/check/case", names=names, title="Mango", purpose="why", review=GONE)
        assert answer.status_code in {403, 422}
        assert {"title": "Mango", "purpose": "why", "review": GONE}.items() <= fields(
            answer.text, "/check/case"
        ).items()
        page = LexborHTMLParser(answer.text)
        assert page.css_first("textarea[name=names]").text() == names
        assert page.css_first("details[open] input[name=title]")

    def test_a_file_that_cannot_be_carried_on_is_told_on_the_first_page(self, ada):
        ada.get("/check")
        answer = ada.post("/check/record", content="no base64!", name="a.txt", source="Ann")
        assert answer.status_code == 422
        assert "check the text or file again" in shown(answer.text)


class TestNothingHidden:
    """What comes back is what was typed, and nothing of what others hold."""

    def test_what_was_typed_is_written_out_harmlessly(self, ada):
        ada.get("/case")
        answer = ada.post("/case", title=TAG, purpose=f"</textarea>{TAG}", review=GONE)
        assert "<script>alert" not in answer.text
        assert fields(answer.text, "/case")["purpose"] == f"</textarea>{TAG}"

    def test_a_case_that_is_hidden_and_one_that_is_not_there_answer_alike(self, web):
        vendor = web.signed_in("vendor")
        atlas = web.office.opened_by(Viewer(organisation="bank"))
        hidden = open_case(
            atlas,
            Case(
                id="",
                title="H",
                purpose="p",
                owner="x",
                review_date="2099-01-01",
                members=(),
                marking=Marking(tlp=Tlp.RED),
            ),
        ).id
        vendor.get("/case")
        answers = [vendor.post(f"/case/{name}/change", task="x") for name in (hidden, "case-none")]
        assert {answer.status_code for answer in answers} == {404}
        assert shown(answers[0].text) == shown(answers[1].text)

    def test_who_may_not_speak_is_told_so_and_gets_no_form(self, web):
        eve = web.hired("bank/eve", Role.VETTER)
        eve.get("/case")
        answer = eve.post("/case", title="T", purpose="p", review="2099-01-01")
        assert answer.status_code == 403
        assert fields(answer.text, "/case") == {}

    def test_a_form_that_was_taken_does_not_hold_the_words_any_more(self, ada):
        ada.get("/member/people")
        answer = ada.post("/member/people/invite", user="newcomer", role="vetter")
        assert answer.status_code == 200
        assert fields(answer.text, "/member/people/invite") == {"user": "", "role": []}
