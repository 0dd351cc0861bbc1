"""With another member's hidden records beside, every page and answer of a viewer is the same to the byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from web_world import EVIL, GANG, SECRET, SHOP, WALLET, say

from chokepoint.desk.canvas.saved import Placed, save_view
from chokepoint.desk.identity import decide
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.note import Draft, note
from chokepoint.desk.work.operation import act, open_operation
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Sameness
from chokepoint.model.marking import Marking, Tlp, Viewer

if TYPE_CHECKING:
    from web_desk import Person, Web

HUSHED = Entity("domain-name", "hushed.example")
OWN = Marking(tlp=Tlp.RED, audience=frozenset({"police"}))
NAMES = [f"{one.kind}:{one.value}" for one in (EVIL, SHOP, GANG, WALLET, HUSHED, SECRET)]
PAGES = [
    *("/", "/summary", "/work", "/account", "/check", "/review", "/choke", "/case", "/package"),
    *("/operation", "/impact", "/map", "/collect", "/access/corrected", "/member", "/member/people", "/member/groups"),
    *(f"/member/one?name={name}" for name in ("police", "bank")),
    *(f"/search?q={word}" for word in ("e", "hush", "hand", ".example")),
    *(f"/entity?of={quote(name)}" for name in NAMES),
    f"/map?of={quote(NAMES[4])}",
    *(f"/path?start={quote(NAMES[0])}&goal={quote(name)}" for name in NAMES[2:]),
    *("/case/case-" + "0" * 16, "/operation/operation-" + "0" * 16, "/api/v1/map/views", "/api/v1/map/countries"),
]  # fmt: skip
ASKED = [
    *(("begin", {"of": name}) for name in NAMES),
    *(("branches", {"name": name}) for name in NAMES),
    *(("path", {"start": NAMES[0], "goal": name}) for name in NAMES[2:]),
    ("expand", {"name": NAMES[2], "property": "attributed-to", "backward": True, "beside": NAMES[:1]}),
    ("piece", {"names": NAMES}),
    ("overview", {"way": []}),
    ("export", {"form": "graphml", "names": NAMES[:4]}),
]
_forms = re.compile(rb'(?:name="csrf" (?:content|value)|data-token)="[^"]+"')


def seen(person: Person, *pages: str) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Status, body and headers of pages, or of everything, but for what keeps forms from being forged."""
    answers = {path: person.get(path) for path in pages or PAGES}
    headers = {"x-csrf-token": person.token()}
    for verb, body in () if pages else ASKED:
        answers[f"{verb} {body}"] = person.ask("POST", f"/api/v1/map/{verb}", json=body, headers=headers)
    return {
        path: (
            answer.status_code,
            _forms.sub(b"", answer.content),
            {name: value for name, value in answer.headers.items() if name not in ("date", "set-cookie")},
        )
        for path, answer in answers.items()
    }


def hide(web: Web) -> None:
    """What the police say for their own eyes, of things that all see and of others."""
    police = web.office.opened_by(Viewer(organisation="police"))
    said = (
        (HUSHED, "attributed-to", GANG),
        (EVIL, "attributed-to", SECRET),
        (SHOP, "requests-payment-to", WALLET),
    )
    say(police, "A second informant", OWN, said)
    note(police, Draft(text="hushed.example serves evil.com", marking=OWN))
    decide(
        police, (f"group:{GANG.value}", f"group:{SECRET.value}"), Sameness.SAME, reason="told", marking=OWN
    )
    case = Case(id="", title="Hush", purpose="p", owner="police", review_date="2098-01-01", marking=OWN)
    opened = open_case(police, case)
    reserve(police, opened.id, [HUSHED.value])
    make_group(police, "Hush desk", ["police"])
    operation = open_operation(police, Operation(id="", name="Hush", marking=OWN))
    act(police, operation.id, EVIL.value, ("takedown", "2026-01-05", "a registrar"))
    save_view(police, "Hush", [Placed(id=NAMES[0], x=1, y=2)], marking=OWN)


OWNERS = ("/case", "/operation", "/search?q=hush", f"/entity?of={quote(NAMES[0])}", "/api/v1/map/views")


def test_no_page_or_answer_tells_that_somebody_hides_something(fresh: Web) -> None:
    vendor, police = fresh.signed_in("vendor"), fresh.signed_in("police")
    seen(vendor)  # what is kept of a map is made by the first look
    before, own = seen(vendor), seen(police, *OWNERS)
    hide(fresh)
    after, told = seen(vendor), seen(police, *OWNERS)
    assert [path for path in before if before[path] != after[path]] == []
    assert [path for path in OWNERS if own[path] == told[path]] == []
    assert [path for path in before if before[path][0] not in (200, 404)] == []
