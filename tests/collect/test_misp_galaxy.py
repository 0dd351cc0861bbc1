"""Galaxy clusters: aliases, homes, relations across files, and malware that descriptions name."""

from __future__ import annotations

import pytest
from structured_reading import Reading, made, read, sample

from chokepoint.collect.base import Document, Sentences
from chokepoint.collect.galaxy_mentions import Mentions
from chokepoint.collect.misp_galaxy import MispGalaxy, kind_of
from chokepoint.model.claim import Nature
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity

A, B, C = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")


def galaxy(sort: str, *values: dict, **head) -> dict:
    return {"type": sort, "name": sort, "uuid": C, "source": "MISP Project", "values": list(values), **head}


def cluster(value: str, uuid: str = A, **more) -> dict:
    return {"value": value, "uuid": uuid, **more}


def meta(sort: str = "threat-actor", value: str = "X Bear", **fields) -> Reading:
    return read(MispGalaxy(), made(galaxy(sort, cluster(value, meta=fields))))


def test_the_real_chain_from_malware_to_the_group_that_its_description_names():
    names = ["threat-actor", "ransomware", "mitre-malware", "mitre-intrusion-set"]
    reading = read(MispGalaxy(), *(sample(f"galaxy/{name}.json") for name in names))
    assert ("group:boss spider", "alias", "GOLD LOWELL") in reading.said
    assert ("group:boss spider", "mentioned-with", "malware:samsam") in reading.said
    assert ("group:wizard spider", "uses", "malware:ryuk") in reading.said
    assert ("group:lazarus group", "located-in", "country:kp") in reading.said


def test_a_mitre_name_loses_its_code_which_becomes_an_identifier():
    reading = read(MispGalaxy(), sample("galaxy/mitre-malware.json"))
    assert ("malware:samsam", "name", "SamSam") in reading.said
    assert ("malware:samsam", "identifier", "mitre:S0370") in reading.said
    assert {claim.provenance.origin for claim in reading.claims} == {"MITRE ATT&CK"}


def test_a_leak_site_is_how_a_family_is_reached_and_a_note_says_whom_to_write_and_pay():
    reading = read(MispGalaxy(), sample("galaxy/ransomware.json"))
    kinds = {thing.partition(":")[0] for thing in reading.objects("contact")}
    assert {"onion-service", "email-addr"} <= kinds


def test_a_note_names_wallet_and_mail_but_its_how_to_links_are_context():
    note = (
        "All your files are encrypted. Write to boss@evil-decrypt.com and pay 1 BTC to "
        "12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw. You can buy bitcoins at https://www.coinbase.com"
    )
    reading = meta("ransomware", "Nasty", ransomnotes=[note])
    assert ("contact", "email-addr:boss@evil-decrypt.com") in reading.about("malware:nasty")
    assert ("requests-payment-to", "crypto-address:12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw") in reading.about(
        "malware:nasty"
    )
    assert not any("coinbase" in thing for thing in reading.objects("contact"))


def test_relations_meet_across_files_in_any_order():
    actor = made(galaxy("threat-actor", cluster("X Bear", A, related=[{"dest-uuid": B, "type": "uses"}])))
    tool = made(galaxy("rat", cluster("Y Rat", B, related=[{"dest-uuid": A, "type": "used-by"}])))
    for order in ((actor, tool), (tool, actor)):
        reading = read(MispGalaxy(), *order)
        assert [claim.place for claim in reading.claims if claim.property == "uses"] == [
            "/values/0/related/0"
        ] * 2
        assert ("group:x bear", "uses", "malware:y rat") in reading.said


def test_a_relation_to_a_cluster_in_no_file_is_counted():
    reading = read(
        MispGalaxy(), made(galaxy("rat", cluster("Y", A, related=[{"dest-uuid": B, "type": "uses"}] * 3)))
    )
    assert [count for rule, count in reading.skipped.items() if "none of the files" in rule] == [3]


@pytest.mark.parametrize(
    ("sort", "link"),
    [
        ("similar", "similar-to"),
        ("variant-of", "variant-of"),
        ("delivers", "downloads"),
        ("never heard", "related-to"),
    ],
)
def test_each_relation_has_its_link(sort, link):
    relation = {"dest-uuid": B, "type": sort}
    reading = read(
        MispGalaxy(), made(galaxy("rat", cluster("Y One", A, related=[relation]), cluster("Z Two", B)))
    )
    assert ("malware:y one", link, "malware:z two") in reading.said


def test_the_likelihood_of_a_relation_is_its_credibility_and_it_is_an_assessment():
    relation = {
        "dest-uuid": B,
        "type": "similar",
        "tags": ['estimative-language:likelihood-probability="unlikely"'],
    }
    reading = read(
        MispGalaxy(), made(galaxy("rat", cluster("Y One", A, related=[relation]), cluster("Z Two", B)))
    )
    claim = reading.claim("malware:y one", "similar-to")
    assert (claim.provenance.grading.code, claim.nature) == ("B4", Nature.ASSESSMENT)


def test_a_country_is_an_assessment_as_sure_as_its_source_says():
    reading = meta(country="CN", **{"attribution-confidence": "50"})
    claim = reading.claim("group:x bear", "located-in")
    assert (str(claim.object), claim.provenance.grading.code, claim.nature) == (
        "country:cn",
        "B3",
        Nature.ASSESSMENT,
    )


def test_victims_that_are_countries_are_targets_and_others_are_kept():
    about = meta(**{"cfr-suspected-victims": ["Israel", "Private sector"]}).about("group:x bear")
    assert {("targets", "country:il"), ("attribute", "cfr-suspected-victims: Private sector")} <= about


def test_every_other_field_is_kept_and_fields_without_facts_are_counted():
    reading = meta(motive="money", refs=["https://x.com/1"], synonyms=["Bear X", "x BEAR"], colour="#fff")
    about = reading.about("group:x bear")
    assert {("attribute", "motive: money"), ("reference", "https://x.com/1"), ("alias", "Bear X")} <= about
    assert ("alias", "x BEAR") not in about
    assert sum(reading.skipped.values()) == 2


def test_a_vendors_official_site_is_its_website():
    assert meta("surveillance-vendor", "Spy Co", **{"official-refs": ["https://www.spyco.com/"]}).objects(
        "website"
    ) == {"url:https://www.spyco.com/"}


def test_an_onion_address_whose_checksum_fails_is_rejected_and_the_others_are_taken():
    reading = meta("ransomware", "Nasty", links=[f"http://{'a' * 56}.onion", "http://evil.com/blog"])
    assert [one.place for one in reading.rejected] == ["/values/0/meta/links/0"]
    assert {"domain-name:evil.com", "url:http://evil.com/blog"} == reading.objects("contact")


def test_revoked_clusters_and_those_without_a_name_are_accounted_for():
    values = [cluster("Old", revoked=True), {"uuid": A}, "text", cluster("!!!")]
    reading = read(MispGalaxy(), made(galaxy("rat", *values)))
    assert reading.claims == []
    assert reading.skipped == {"revoked cluster": 1}
    assert len(reading.rejected) == 3


def test_techniques_and_sectors_are_left_out_by_a_named_rule():
    reading = read(
        MispGalaxy(), made(galaxy("mitre-attack-pattern", cluster("T"), category="attack-pattern"))
    )
    assert reading.claims == []
    assert sum(reading.skipped.values()) == 1


def test_countries_give_their_names_only():
    reading = read(MispGalaxy(), sample("galaxy/country.json"))
    assert ("country:ad", "name", "andorra") in reading.said
    assert {claim.property for claim in reading.claims} == {"name"}


@pytest.mark.parametrize(
    ("sort", "category", "kind"),
    [
        ("threat-actor", "", "group"),
        ("malpedia", "tool", "malware"),
        ("mitre-tool", "tool", "tool"),
        ("producer", "actor", "organisation"),
        ("new-actors", "actor", "group"),
        ("new-tools", "tool", "malware"),
        ("disarm-techniques", "disarm", ""),
        ("sector", "sector", ""),
        ("attack4fraud", "tool", ""),
    ],
)
def test_the_kind_follows_type_and_category(sort, category, kind):
    assert kind_of(sort, category) == kind


def test_what_is_no_galaxy_is_refused():
    with pytest.raises(BadInputError):
        read(MispGalaxy(), made([1, 2]))


SAY = Sentences(Document(path="x", data=b"").provenance, "/d")


def mentioned(text: str, *names: str) -> list[str]:
    mentions = Mentions()
    for name in names:
        mentions.learn(Entity("malware", name.lower()), name, main=True)
    mentions.read(Document(path="x", data=b""), SAY, (Entity("group", "g"), text))
    return [claim.object.value for _, claim in mentions.found()]


def test_a_name_counts_as_it_is_written_and_the_longest_first():
    assert mentioned("It used Cobalt Strike and PlugX.", "Cobalt Strike", "Cobalt", "PlugX", "Used") == [
        "cobalt strike",
        "plugx",
    ]
    assert mentioned("it used plugx", "PlugX") == []


def test_a_name_that_is_also_an_ordinary_word_of_the_texts_does_not_count():
    assert mentioned("Carbon was seen. They copy with carbon paper.", "Carbon") == []
    assert mentioned("Carbon was seen.", "Carbon") == ["carbon"]


def test_short_and_generic_names_never_count():
    assert mentioned("The RAT Loader of Agent", "RAT", "Loader", "Agent") == []
