"""Writing STIX 1 packages, for tests."""

from __future__ import annotations

SPACES = (
    'xmlns:stix="http://stix.mitre.org/stix-1" xmlns:indicator="http://stix.mitre.org/Indicator-2" '
    'xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:o="http://cybox.mitre.org/objects#X-1" '
    'xmlns:common="http://cybox.mitre.org/common-2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:ttp="http://stix.mitre.org/TTP-1" xmlns:marking="http://data-marking.mitre.org/Marking-1" '
    'xmlns:ta="http://stix.mitre.org/ThreatActor-1" xmlns:c="http://stix.mitre.org/common-1"'
)


def package(*parts: str) -> str:
    return f"<stix:STIX_Package {SPACES}>\n" + "\n".join(parts) + "\n</stix:STIX_Package>"


def indicator(properties: str, title: str = "", more: str = "") -> str:
    return (
        f'<stix:Indicators><stix:Indicator id="x:i-1" timestamp="2022-10-13T21:03:08+00:00">'
        f"<indicator:Title>{title}</indicator:Title>{more}"
        f"<indicator:Observable><cybox:Object>{properties}</cybox:Object>"
        "</indicator:Observable></stix:Indicator></stix:Indicators>"
    )


def properties(sort: str, inside: str) -> str:
    return f'<cybox:Properties xsi:type="o:{sort}ObjectType">{inside}</cybox:Properties>'


def domain(value: str = "evil.com") -> str:
    return properties("DomainName", f"<o:Value>{value}</o:Value>")
