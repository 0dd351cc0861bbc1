"""What members own on a desk, and somebody of another house who reaches for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from web_desk import PASSWORD, Web
from web_world import RED, SECRET

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.web.signin.keys import Keys

if TYPE_CHECKING:
    from httpx import Response
    from web_desk import Person

ABSENT = "0" * 64


def opened(web: Web, who: str):
    organisation, _, user = who.partition("/")
    return web.office.opened_by(Viewer(organisation=organisation, user=user))


def records(web: Web) -> int:
    with web.atlas.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


@dataclass
class Theirs:
    """What the bank and the police own, and a vendor's investigator who owns nothing of it."""

    web: Web
    vendor: Person
    case: str
    operation: str
    group: str
    claim: str
    key: str

    def tried(self, path: str, **fields: Any) -> Response:
        """The vendor sends a form; nothing may come of it."""
        before = records(self.web)
        answer = self.vendor.post(path, **fields)
        assert records(self.web) == before, (path, fields)
        return answer


def lived_in(web: Web) -> Theirs:
    """A desk on which the bank and the police own things, and a vendor's investigator who comes to it."""
    bank = opened(web, "bank")
    web.hired("vendor/vic", Role.INVESTIGATOR, Role.VETTER, Role.ADMINISTRATOR)
    web.invited("bank/ann", Role.INVESTIGATOR)
    opener = web.signed_in("bank")
    opener.get("/operation")
    made = opener.post("/operation", name="Lantern", partners="KE", tlp="RED", basis="")
    draft = Case(id="", title="Lanterns", purpose="reports", owner="ann", review_date="2099-01-01")
    case = open_case(bank, replace(draft, members=("bank", "police"), marking=RED)).id
    group = make_group(bank, "circle", ["bank", "police"])
    hidden = show(opened(web, "police"), str(SECRET)).evidence[0].stored.id
    token = Keys(web.office.register).make(Viewer(organisation="bank"), "script", ("look",), 1)
    vic = web.visitor()
    vic.get("/sign-in")
    assert vic.post("/sign-in", who="vendor/vic", password=PASSWORD).status_code == 303
    vic.get("/")
    return Theirs(
        web, vic, case, made.headers["location"].rpartition("/")[2], group.scope, hidden, token.split("_")[1]
    )
