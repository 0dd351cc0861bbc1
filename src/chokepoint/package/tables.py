"""Claims as CSV and as plain GraphML, for spreadsheets and graph tools.

No cell of the CSV is run by a spreadsheet (`values/cells.py`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from chokepoint.model.identity import Entity
from chokepoint.package.choose import strictest
from chokepoint.package.whole import named
from chokepoint.values.cells import guard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.model.marking import Marking
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion

COLUMNS = (
    "subject_kind",
    "subject",
    "property",
    "object_kind",
    "object",
    "belief",
    "verdict",
    "simulated",
    "origin",
    "grading",
    "observed_from",
    "observed_until",
    "nature",
    "marking",
    "pap",
    "recipients",
    "codes",
    "contributor",
    "capture",
    "place",
    "record",
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def claims_csv(claims: Sequence[PackageClaim], discretion: Discretion) -> str:
    """The claims, one a row under `COLUMNS`, with CR LF (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for claim in claims:
        writer.writerow([guard(cell) for cell in _row(claim, discretion)])
    return out.getvalue()


def _row(claim: PackageClaim, discretion: Discretion) -> tuple[str, ...]:
    thing = claim.object
    kind, value = (
        ("", discretion.words(claim)) if isinstance(thing, str) else (thing.kind, discretion.apart(thing))
    )
    start, end = claim.observed[:2] if claim.observed else ("", "")
    return (
        claim.subject.kind,
        discretion.apart(claim.subject),
        claim.property,
        kind,
        value,
        f"{claim.belief:.4f}",
        claim.verdict,
        "simulated" if claim.watermarked else "",
        claim.origin,
        claim.grading,
        start,
        end,
        claim.nature.value,
        *_marked(claim.marking),
        claim.contributor,
        claim.capture,
        claim.place,
        claim.record,
    )


def _marked(marking: Marking) -> tuple[str, ...]:
    """Label and permitted actions, then recipients and handling codes as JSON lists, or empty."""
    label, pap, recipients, codes = marking.to_form()
    return label, pap, *(json.dumps(each, ensure_ascii=False) if each else "" for each in (recipients, codes))


_NODE_KEYS = ("kind", "label")
_EDGE_KEYS = ("property", "belief", "verdict", "simulated", "origin", "marking", "record")


def claims_graphml(claims: Sequence[PackageClaim], discretion: Discretion) -> str:
    """The claims as GraphML 1.0: one node an entity with what is said of it, one directed edge a link.

    A node has a value for each property that claims give it a text under; several stand one a line. The
    graph carries the label of the strictest claim in it.
    """
    links = [(claim, claim.object) for claim in claims if isinstance(claim.object, Entity)]
    nodes = _nodes(claims, discretion)
    said = sorted({name for texts in nodes.values() for name in texts})
    keys = [
        f'<key id="{name}" for="node" attr.name="{name}" attr.type="string"/>'
        for name in (*_NODE_KEYS, *(f"said.{name}" for name in said))
    ]
    keys.append('<key id="graph.marking" for="graph" attr.name="marking" attr.type="string"/>')
    for name in _EDGE_KEYS:
        kind = "double" if name == "belief" else "string"
        keys.append(f'<key id="{name}" for="edge" attr.name="{name}" attr.type="{kind}"/>')
    body = [
        f"<node id={quoteattr(node.id)}>"
        + _data(zip(_NODE_KEYS, node, strict=True))
        + _data((f"said.{name}", "\n".join(texts)) for name, texts in sorted(nodes[node].items()))
        + "</node>"
        for node in nodes
    ]
    for number, (claim, thing) in enumerate(links):
        values = (
            claim.property,
            f"{claim.belief:.4f}",
            claim.verdict,
            str(claim.watermarked).lower(),
            claim.origin,
            claim.marking.tlp.label,
            claim.record,
        )
        body.append(
            f'<edge id="e{number}" source={quoteattr(named(claim.subject, discretion).id)} '
            f"target={quoteattr(named(thing, discretion).id)}>"
            + _data(zip(_EDGE_KEYS, values, strict=True))
            + "</edge>"
        )
    label = strictest(claim.marking for claim in claims).tlp.label
    head = '<graph id="claims" edgedefault="directed">' + _data([("graph.marking", label)])
    inner = "\n".join([*keys, head, *body, "</graph>"])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    return f"{head}\n{inner}\n</graphml>\n"


def _nodes(claims: Sequence[PackageClaim], discretion: Discretion) -> dict[Entity, dict[str, list[str]]]:
    """Every entity as the edition may write it, with the texts that claims give it, by property."""
    nodes: dict[Entity, dict[str, list[str]]] = {}
    for claim in claims:
        texts = nodes.setdefault(named(claim.subject, discretion), {})
        if isinstance(claim.object, str):
            texts.setdefault(claim.property, []).append(discretion.words(claim))
        else:
            nodes.setdefault(named(claim.object, discretion), {})
    return nodes


def _data(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<data key="{name}">{escape(_NOT_XML.sub("�", value))}</data>' for name, value in pairs)
