"""What a registry says of a domain in RDAP: its name servers, their addresses, its registrar, its days.

Of the entities only the registrar's name is taken: registrants are people, and help desks are no criminals.
Source: RFC 9083.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import day, raw_of, records, take, text_of, texts
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.claim import between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

OTHERS = "registrant or help desk of a registry"
NO_DOMAIN = "answer of a registry about no domain"
_CONFORMS = frozenset({"rdapConformance"})
_DOMAIN = frozenset({"objectClassName", "ldhName"})
_ONE_OF = frozenset({"nameservers", "vcardArray", "eventAction", "secureDNS"})


class Rdap:
    """Collector of RDAP answers."""

    name = "rdap"

    def recognises(self, document: Document) -> bool:
        """A domain of RDAP's: its class and name, and what only a registry writes."""
        keys = json_keys(document.head)
        return keys >= _DOMAIN and bool(keys & (_CONFORMS | _ONE_OF))

    def read(self, document: Document) -> Iterator[Item]:
        """What the answer says of its domain; several may stand in a list."""
        tree, defects = read_json(document.data)
        several = isinstance(tree, list)
        answers = (
            _answer(document, one, f"/{number}" if several else "")
            for number, one in enumerate(tree if several else [tree])
        )
        return with_derived(chain(defects, chain.from_iterable(answers)))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _answer(document: Document, tree: Any, at: str) -> Iterator[Item]:
    if not isinstance(tree, dict) or tree.get("objectClassName") != "domain":
        yield Skipped(NO_DOMAIN)
        return
    name = text_of(tree.get("ldhName")) or text_of(tree.get("unicodeName"))
    domain = take("domain-name", name.rstrip("."), f"{at}/ldhName")
    if isinstance(domain, Rejected):
        yield domain
        return
    events = {
        text_of(one.get("eventAction")): text_of(one.get("eventDate")) for one in records(tree.get("events"))
    }
    since = day(events.get("registration", ""))
    say = Sentences(provenance(document), at or "/", between(since, None) if since else None)
    raw = raw_of(domain, name)
    yield from _servers(tree, domain, (say, at))
    for who in records(tree.get("entities")):
        registrar = _name(who) if "registrar" in texts(who.get("roles")) else ""
        yield say.say(domain, "attribute", f"registrar: {registrar}", raw) if registrar else Skipped(OTHERS)
    for action, when in events.items():
        if action and when:
            yield say.say(domain, "attribute", f"{action}: {when}", raw)
    for status in texts(tree.get("status")):
        yield say.say(domain, "attribute", f"domain status: {status}", raw)


def _servers(tree: dict[str, Any], domain: Entity, of: tuple[Sentences, str]) -> Iterator[Item]:
    """The name servers of a domain, and the addresses at which they answer."""
    say, at = of
    for number, one in enumerate(records(tree.get("nameservers"))):
        where = f"{at}/nameservers/{number}"
        server = take("domain-name", text_of(one.get("ldhName")).rstrip("."), where)
        if isinstance(server, Rejected):
            yield server
            continue
        here = Sentences(say.provenance, where, say.observed)
        yield here.say(domain, "name-server", server)
        listed = one.get("ipAddresses")
        for version in ("v4", "v6"):
            for text in texts(listed.get(version)) if isinstance(listed, dict) else ():
                address = take(f"ip{version}-addr", text, where)
                if isinstance(address, Rejected):
                    yield address
                else:
                    yield Sentences(say.provenance, where).say(server, "resolves-to", address)


def _name(who: dict[str, Any]) -> str:
    """The name in an entity's jCard (RFC 7095), else its handle."""
    card = who.get("vcardArray")
    lines = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
    named = (
        line[3] for line in lines if isinstance(line, list) and len(line) > 3 and line[0] in {"fn", "org"}
    )
    return next(filter(None, map(text_of, named)), text_of(who.get("handle")))
