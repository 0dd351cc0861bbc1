"""Detection rules: what a rule looks for is an indicator, what it refers to or excepts is not."""

from __future__ import annotations

import pytest
from line_reading import claims, document, skipped

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.rules import WHY, Rules

SURICATA = (
    'alert http $HOME_NET any -> $EXTERNAL_NET any (msg:"ET MALWARE Remcos"; http.host; content:"evil-c2.com"; '
    "reference:url,www.blog-of-us.org/a; reference:md5,44d88612fea8a8f36de82e1278abb02f; sid:1; rev:2;)\n"
    'alert tcp $HOME_NET any -> [185.196.8.137,45.12.7.9] any (msg:"ET CNC"; sid:2; rev:1;)\n'
    '#alert dns any any -> any any (msg:"not ours"; dns.query; content:!"good-bank.com"; sid:3;)\n'
)
YARA = """rule MAL_Remcos_May24 : rat {
    meta:
        author = "Somebody (somebody@analysts.org)"
        reference = "https://twitter.com/malwrhunterteam/status/1"
        hash1 = "b34f154ec913d2d2c435cbd644e91687a6bcd9a8f5e4e9e5b5e5b5e5b5e5b5e5"
    strings:
        $s1 = "http://evil-c2.com/gate.php" ascii wide
    condition:
        uint16(0) == 0x5a4d and all of them
}
"""
SIGMA = """title: Remcos RAT DNS C2
references:
    - https://blog-of-us.org/remcos
author: Somebody, somebody@analysts.org
logsource:
    category: dns_query
detection:
    selection:
        QueryName|endswith:
            - 'evil-c2.com'
            - 'bad-c2.net'
    filter_main:
        QueryName: 'good-bank.com'
    condition: selection and not filter_main
falsepositives:
    - backup.good-bank.com
"""
OPENIOC = """<?xml version="1.0" encoding="us-ascii"?>
<ioc id="6d2a1b03" last-modified="2011-10-28T19:28:20" xmlns="http://schemas.mandiant.com/2010/ioc">
  <short_description>Zeus</short_description>
  <definition>
    <Indicator operator="OR" id="9c8df971">
      <IndicatorItem id="b1" condition="is">
        <Context document="Network" search="Network/DNS" type="mir" />
        <Content type="string">evil-zeus.com</Content>
      </IndicatorItem>
      <IndicatorItem id="b2" condition="isnot">
        <Content type="IP">45.12.7.9</Content>
      </IndicatorItem>
    </Indicator>
  </definition>
</ioc>
"""
RULES = {
    "suricata": (
        SURICATA,
        {"evil-c2.com", "44d88612fea8a8f36de82e1278abb02f", "185.196.8.137", "45.12.7.9"},
        {"http://www.blog-of-us.org/a", "good-bank.com"},
    ),
    "yara": (
        YARA,
        {"b34f154ec913d2d2c435cbd644e91687a6bcd9a8f5e4e9e5b5e5b5e5b5e5b5e5", "http://evil-c2.com/gate.php"},
        {"somebody@analysts.org", "twitter:malwrhunterteam"},
    ),
    "sigma": (
        SIGMA,
        {"evil-c2.com", "bad-c2.net"},
        {"https://blog-of-us.org/remcos", "somebody@analysts.org", "good-bank.com", "backup.good-bank.com"},
    ),
    "openioc": (OPENIOC, {"evil-zeus.com"}, {"45.12.7.9"}),
}


def roles(text: str, role: str) -> set[str]:
    said = claims(Rules().read(document(text, "rule.txt")))
    return {
        one.subject.value.rpartition("md5:")[2].rpartition("sha256:")[2]
        for one in said
        if one.property == "mentioned-in" and f"({role}: " in str(one.object)
    }


@pytest.mark.parametrize("language", RULES)
def test_the_language_is_known_by_its_grammar(language: str) -> None:
    assert recognise(document(RULES[language][0], "x.dat"), collectors()).name == "detection-rules"


@pytest.mark.parametrize("language", RULES)
def test_what_a_rule_looks_for_is_an_indicator_and_nothing_else_is(language: str) -> None:
    text, sought, _ = RULES[language]
    assert roles(text, "indicator") == sought


@pytest.mark.parametrize("language", RULES)
def test_what_a_rule_refers_to_or_excepts_is_context(language: str) -> None:
    text, _, beside = RULES[language]
    assert roles(text, "context") == beside
    assert all(
        WHY in str(one.object)
        for one in claims(Rules().read(document(text)))
        if "(context" in str(one.object)
    )


@pytest.mark.parametrize(
    ("line", "sought"),
    [
        pytest.param('pass ip any any -> 45.33.32.1 any (msg:"ok"; content:"good.com";)', set(), id="let through"),
        pytest.param("# Rules of http://rules-of-us.net/blockrules, write to us@rules-of-us.net", set(), id="a note"),
        pytest.param('alert ip any any -> !45.33.32.1 any (msg:"x"; sid:2;)', set(), id="any but one address"),
        pytest.param('alert ip any any -> ![45.33.32.1, 45.33.32.2] 53 (msg:"x";)', set(), id="any but some"),
        pytest.param('alert ip any any -> [45.33.32.3,!45.33.32.1] 53 (msg:"x";)', {"45.33.32.3"}, id="one but not"),
        pytest.param('alert ip any any -> any any (msg:"x"; \\\n  content:"evil-b.com";)', {"evil-b.com"}, id="over lines"),
    ],
)  # fmt: skip
def test_what_a_rule_lets_through_or_leaves_out_is_never_an_indicator(line: str, sought: set[str]) -> None:
    first = 'alert tcp any any -> 185.196.8.137 any (msg:"first"; sid:1;)'
    assert roles(f"{first}\n{line}\n", "indicator") - {"185.196.8.137"} == sought


def test_what_a_comment_of_yara_refers_to_is_not_what_the_string_before_it_looks_for() -> None:
    text = YARA.replace(
        "ascii wide\n", "ascii // see https://blog-of-us.org/a\n // old: http://gone-c2.org/b\n"
    )
    assert roles(text, "indicator") == RULES["yara"][1]
    assert {"https://blog-of-us.org/a", "http://gone-c2.org/b"} <= roles(text, "context")


@pytest.mark.parametrize("language", RULES)
def test_each_line_is_told_of_or_counted(language: str) -> None:
    text = RULES[language][0]
    items = list(Rules().read(document(text, "rule.txt")))
    places = {one.place for one in claims(items)}
    assert len(places) + sum(skipped(items).values()) == len(text.split("\n"))


@pytest.mark.parametrize("language", RULES)
def test_no_rule_makes_a_campaign_of_its_name(language: str) -> None:
    said = claims(Rules().read(document(RULES[language][0], "rule.txt")))
    assert {one.property for one in said} <= {"mentioned-in", "mentioned-with", "hosted-at", "subdomain-of"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The rule of thumb: block evil.com.\n", id="prose about rules"),
        pytest.param("rule one {\nno grammar\n}\n", id="no condition"),
        pytest.param("detection:\n  evil.com\n", id="no log source"),
        pytest.param("alert us at evil.com (please)\n", id="an alert of people"),
    ],
)
def test_what_only_sounds_like_a_rule_is_none(text: str) -> None:
    assert not Rules().recognises(document(text, "x.txt"))
