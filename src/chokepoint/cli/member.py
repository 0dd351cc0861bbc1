"""`member`: list and set."""
# ruff: noqa: PLC0415 - a verb imports what it needs when it runs, so that `--help` is quick

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chokepoint.cli.branch import Branch
from chokepoint.cli.face import Face, calm, cut, with_face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chokepoint.model.member import Member

TIES = ("parents", "origins", "feeds")


def described(command: Callable[..., None]) -> Callable[..., None]:
    """Options that describe a member."""
    for option in (
        click.option("--feed", "feeds", multiple=True, metavar="F", help="An upstream source it relies on."),
        click.option(
            "--owns", "origins", multiple=True, metavar="O", help="A publisher (origin) that it owns."
        ),
        click.option(
            "--parent", "parents", multiple=True, metavar="P", help="A company or authority over it."
        ),
        click.option(
            "--can",
            "capabilities",
            multiple=True,
            metavar="MODE[:KIND]",
            help="A lever it can pull: takedown, freeze:crypto-address, ...",
        ),
        click.option("--country", default="", metavar="C", help="ISO 3166 code of its country."),
        click.option(
            "--sector",
            default="",
            metavar="S",
            help="One of bank, exchange, vendor, telecom, ngo, academic, law enforcement, coordinator.",
        ),
    ):
        command = option(command)
    return command


def profile_of(known: Member, given: dict[str, Any], *, lift: Iterable[str] = ()) -> Member:
    """The member with what the options of `described` say; what they do not name stays, ties are added.

    Raises:
        NotValidError: a word that names nothing.
    """
    from dataclasses import replace

    from chokepoint.model.member import parse_capability, parse_sector, parse_ties
    from chokepoint.values.names import country_code

    changes: dict[str, Any] = {}
    if given["sector"]:
        changes["sector"] = parse_sector(given["sector"])
    if given["country"]:
        changes["country"] = country_code(given["country"])
    if given["capabilities"]:
        changes["capabilities"] = frozenset(map(parse_capability, given["capabilities"]))
    lifted = parse_ties(lift)
    for name in TIES:
        changes[name] = (getattr(known, name) | parse_ties(given[name])) - lifted
    return replace(known, **changes)


@click.group(cls=Branch)
def member() -> None:
    """The organisations of the coalition: what they can do, and what ties them to others."""


@member.command("list")
@click.option(
    "--keys", is_flag=True, help="The fingerprint of each member's key, to compare with a package's."
)
@with_face
def list_(face: Face, *, keys: bool) -> None:
    """All members: sector, country, levers, ties that bear on who may vet what, and who has left."""
    from chokepoint.desk.member import everybody, public_keys, terms, to_json

    found, times = everybody(face.atlas()), terms(face.atlas())
    held = public_keys(face.atlas()) if keys or face.json else {}
    left = {name: term.left[:10] for name, term in times.items()}
    if face.json:
        beside = {name: {"key": held.get(name, ""), "left": left.get(name) or None} for name in found}
        face.emit({"members": [{**to_json(one), **beside[one.name]} for one in found.values()]})
        return
    if keys:
        face.table(("member", "key"), [(calm(name), held.get(name, "")) for name in found])
        return
    rows = [_row(one, left.get(one.name, "")) for one in found.values()]
    face.table(("member", "sector", "country", "can", "ties"), rows)


def _row(one: Member, left: str = "") -> tuple[str, ...]:
    words = (("parent", one.parents), ("owns", one.origins), ("feed", one.feeds))
    ties = [f"{word} {calm(name)}" for word, names in words for name in sorted(names)]
    return (
        calm(one.name) + (f" (left {left})" if left else ""),
        one.sector.value if one.sector else "",
        one.country.upper(),
        cut(", ".join(sorted(map(str, one.capabilities))), 40),
        cut("; ".join(ties), 80),
    )


@member.command("set")
@click.argument("name", default="")
@described
@click.option(
    "--lift", multiple=True, metavar="TIE", help="End a tie, once the member and the founder both lift it."
)
@with_face
def set_(face: Face, /, *, name: str, lift: tuple[str, ...], **given: Any) -> None:
    """Describe member NAME: your own organisation or, for the founder of the atlas, any.

    Ties restrain who may vet what: siblings under one parent count as one organisation, the owner of an
    origin vets nothing that it published, and members that rely on one feed count as one.
    """
    from chokepoint.desk.member import to_json, update

    atlas = face.atlas()
    told = update(atlas, name or atlas.viewer.organisation, lambda known: profile_of(known, given, lift=lift))
    if face.json:
        face.emit({"member": to_json(told.member), "kept": list(told.kept)})
        return
    face.table(("member", "sector", "country", "can", "ties"), [_row(told.member)])
    if told.kept:
        face.note(
            f"kept as it was: {', '.join(told.kept)}. Mend: a tie ends once the member and the founder of the"
            " atlas have both lifted it; sector and country are the founder's to change"
        )
