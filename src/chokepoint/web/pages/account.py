"""My account: passkeys, linked providers, keys for programs, and where I am signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response
from litestar.enums import RequestEncodingType
from litestar.params import Body

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.web.front import Visitor
from chokepoint.web.guard.sessions import Session
from chokepoint.web.pages.sign_in import signed_in, works_here
from chokepoint.web.route import Form, read, write
from chokepoint.web.signin.keys import SCOPES, Key, Keys
from chokepoint.web.signin.oidc.subjects import Linked
from chokepoint.web.signin.passkey import Passkey, Passkeys
from chokepoint.web.viewer import Here, Seat

Json = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.JSON)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """What belongs to the person.

    Attributes:
        sessions: where they are signed in.
        keys: of their programs.
        passkeys: of their devices.
        linked: accounts at providers that sign them in, each with the provider's label.
        scopes: what a key may be for.
        made: a key just made, shown this once.
    """

    sessions: tuple[Session, ...]
    keys: tuple[Key, ...]
    passkeys: tuple[Passkey, ...]
    linked: tuple[tuple[str, Linked], ...]
    scopes: tuple[str, ...] = SCOPES
    made: str = ""


@dataclass(slots=True, kw_only=True)
class KeyForm:
    """A key that is wanted."""

    label: str = ""
    scopes: list[str] | str = ""
    days: str = "90"


@dataclass(slots=True, kw_only=True)
class NameForm:
    """Which key or passkey goes."""

    name: str = ""


@read("/account")
def account(seat: Here) -> Response[str]:
    """What belongs to the person."""
    return _page(seat)


@write("/account/keys", again=account, status_code=200)
def make_key(seat: Here, data: Form[KeyForm]) -> Response[str]:
    """Make a key for programs, and show it once."""
    if not data.days.isascii() or not data.days.isdigit():
        raise NotValidError(Said("{days!r} is no number of days", days=data.days[:20]), mend="write 1 to 366")
    scopes = data.scopes.split() if isinstance(data.scopes, str) else data.scopes
    keys = Keys(seat.front.office.register)
    token = keys.make(seat.session.viewer, data.label, scopes, int(data.days[:6]))
    return _page(seat, token)


@write("/account/keys/revoke")
def revoke_key(seat: Here, data: Form[NameForm]) -> Response[Any]:
    """Take a key away."""
    Keys(seat.front.office.register).revoke(seat.session.viewer, data.name)
    return seat.go("/account")


@write("/account/passkeys/begin", status_code=200)
def begin_passkey(seat: Here) -> dict[str, Any]:
    """What the browser is asked in order to make a passkey."""
    found: dict[str, Any] = _passkeys(seat).invite(seat.session.viewer, seat.front.session)
    return found


@write("/account/passkeys/finish", status_code=200)
def finish_passkey(seat: Here, data: Json) -> dict[str, str]:
    """Keep the passkey that the browser made."""
    answer = data.get("answer")
    given = answer if isinstance(answer, dict) else {}
    _passkeys(seat).add(seat.session.viewer, seat.front.session, given, str(data.get("label", "")))
    return {"next": "/account"}


@write("/account/passkeys/remove")
def remove_passkey(seat: Here, data: Form[NameForm]) -> Response[Any]:
    """Take a passkey away."""
    _passkeys(seat).remove(seat.session.viewer, data.name[:2100])
    return seat.go("/account")


@write("/sign-in/passkey/begin", status_code=200)
def ask_passkey(front: Visitor) -> dict[str, Any]:
    """What the browser is asked in order to sign somebody in."""
    found: dict[str, Any] = Passkeys(front.office.register, front.office.origins).challenge(front.cookie)
    return found


@write("/sign-in/passkey/finish", status_code=200)
def by_passkey(front: Visitor, data: Json) -> Response[Any]:
    """A session for whom the passkey proves."""
    tried = f"a passkey from {front.address}"
    if not front.office.rate.counted(tried, front.address):
        return Response({"status": 429}, status_code=429)
    viewer = Passkeys(front.office.register, front.office.origins).who(front.cookie, data)
    if viewer is None or not works_here(front, viewer):
        return Response({"status": 401}, status_code=401)
    front.office.rate.spared(tried, front.address)
    answer = signed_in(front, viewer, how="passkey", where="/")
    return Response({"next": "/"}, status_code=200, cookies=answer.cookies)


def _passkeys(seat: Seat) -> Passkeys:
    return Passkeys(seat.front.office.register, seat.front.office.origins)


def _page(seat: Seat, made: str = "") -> Response[str]:
    office, viewer = seat.front.office, seat.session.viewer
    page = AccountPage(
        sessions=tuple(office.sessions.of(viewer)),
        keys=tuple(Keys(office.register).of(viewer)),
        passkeys=tuple(_passkeys(seat).of(viewer)),
        linked=tuple((office.party.label(one.issuer), one) for one in office.party.subjects.of(viewer)),
        made=made,
    )
    return seat.page("account.html", page)


ROUTES = (
    account,
    make_key,
    revoke_key,
    begin_passkey,
    finish_passkey,
    remove_passkey,
    ask_passkey,
    by_passkey,
)
