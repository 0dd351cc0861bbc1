"""What the canvas shows of a map: what a node and a line say, how it begins and grows."""

from __future__ import annotations

import io
from dataclasses import replace

import msgspec
import pytest
from canvas_world import FAMILY, GANG, HOST, LAND, SITES, names, tell
from desk_world import entity

from chokepoint.desk.canvas import MOST_NODES, Piece, begin, branches, expand, piece
from chokepoint.desk.canvas.grow import MOST_LINES
from chokepoint.desk.canvas.parts import LONGEST_LABEL, property_label, shown
from chokepoint.desk.hand import export
from chokepoint.desk.identity import decide
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.model.errors import NotFoundError, TooLargeError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp


@pytest.fixture(scope="module")
def atlas(worlds):
    world = worlds()
    tell(world)
    return world.open("police")


def spot(found: Piece, thing: object):
    [one] = [node for node in found.nodes if node.id == str(thing)]
    return one


def line(found: Piece, subject: object, name: str, thing: object):
    ids = [node.id for node in found.nodes]
    [one] = [
        one
        for one in found.lines
        if (ids[one.a], one.property, ids[one.b]) == (str(subject), name, str(thing))
    ]
    return one


def said(found: Piece):
    ids = [node.id for node in found.nodes]
    return {(ids[one.a], one.property, ids[one.b]) for one in found.lines}


def test_a_canvas_begins_with_the_thing_itself_and_what_is_around_it(atlas):
    found = begin(atlas, "alphabot")
    assert found.nodes[0].id == str(FAMILY)
    assert {node.id for node in found.nodes} == set(names(FAMILY, GANG, LAND, HOST, *SITES))


def test_a_beginning_holds_no_more_than_asked(atlas):
    assert len(begin(atlas, "alphabot", most=4).nodes) == 4


def test_what_is_written_defanged_begins_a_canvas_too(atlas):
    assert begin(atlas, "a[.]com").nodes[0].id == "domain-name:a.com"


def test_things_of_one_name_all_begin_the_canvas(world):
    world.say("vendor", (entity("group:mirror"), "uses", entity("tool:t")))
    world.say("vendor", (entity("malware:mirror"), "uses", entity("tool:u")), path="two")
    ids = [node.id for node in begin(world.open("bank"), "mirror").nodes]
    assert set(ids[:2]) == {"group:mirror", "malware:mirror"}


def test_of_a_thing_that_is_known_and_linked_with_nothing_that_is_said(world):
    world.say("vendor", (entity("domain-name:alone.com"), "status", "parked"))
    with pytest.raises(NotFoundError, match="links it with anything") as told:
        begin(world.open("bank"), "alone.com")
    assert "page" in str(told.value.mend)


def test_whoever_may_not_see_it_is_not_told_that_it_is_known(world):
    only = Marking(tlp=Tlp.RED, audience=frozenset({"vendor"}))
    world.say("vendor", (entity("domain-name:alone.com"), "status", "parked"), marking=only)
    told = []
    for name in ("alone.com", "never.said"):
        with pytest.raises(NotFoundError, match="nothing known") as error:
            begin(world.open("bank"), name)
        told.append((error.value.said, error.value.mend))
    assert told[0] == told[1]


def test_of_links_that_came_a_moment_ago_none_is_denied_because_the_map_is_late(world):
    world.say("vendor", (entity("domain-name:old.com"), "uses", entity("tool:t")))
    late = replace(world.open("bank"), late=1000.0)
    assert begin(late, "old.com").nodes
    world.say("vendor", (entity("domain-name:new.com"), "uses", entity("tool:u")), path="two")
    assert {node.id for node in begin(late, "new.com").nodes} == {"domain-name:new.com", "tool:u"}


@pytest.mark.parametrize(
    ("word", "thing"),
    [
        pytest.param("status", "parked", id="a text"),
        pytest.param("listed-on", entity("document:top sites"), id="a list of what is known to be good"),
    ],
)
def test_a_late_map_is_not_made_anew_for_what_no_line_leads_to(world, monkeypatch, word, thing):
    world.say("vendor", (entity("domain-name:old.com"), "uses", entity("tool:t")))
    late = replace(world.open("bank"), late=1000.0)
    begin(late, "old.com")
    world.say("vendor", (entity("domain-name:alone.com"), word, thing), path="two")
    monkeypatch.setattr("chokepoint.desk.analyse.view._made", None)
    with pytest.raises(NotFoundError, match="links it with anything"):
        begin(late, "alone.com")


def test_several_things_a_line_each_begin_it_together(world):
    for number in range(3):
        world.say(
            "vendor",
            (entity(f"domain-name:d{number}.com"), "uses", entity(f"tool:t{number}")),
            path=f"p{number}",
        )
    found = begin(world.open("bank"), "d0.com\r\n\n  d2[.]com  \nnobody.example")
    assert {node.id for node in found.nodes} == {
        "domain-name:d0.com",
        "tool:t0",
        "domain-name:d2.com",
        "tool:t2",
    }
    assert len(found.lines) == 2


def test_all_that_are_named_are_there_however_many_surround_them(world):
    hosts = [entity(f"domain-name:d{number}.com") for number in range(90)]
    world.say("vendor", *((one, "uses", entity("tool:t")) for one in hosts))
    found = begin(world.open("bank"), "\n".join(map(str, hosts)))
    assert {str(one) for one in hosts} <= {node.id for node in found.nodes}


def test_lines_beyond_the_most_are_passed_over(world):
    world.say("vendor", (entity("domain-name:last.com"), "uses", entity("tool:t")))
    lines = ["nobody.example"] * MOST_LINES + ["last.com"]
    with pytest.raises(NotFoundError):
        begin(world.open("bank"), "\n".join(lines))
    assert begin(world.open("bank"), "\n".join(lines[1:])).nodes


def test_one_beginning_is_one_look_on_one_line_with_all_that_it_names(world):
    world.say("vendor", (entity("domain-name:a.com"), "uses", entity("domain-name:b.com")))
    begin(world.open("bank"), "a.com\r\nb.com")
    [entry] = [one.entry for one in log(world.open("bank"))]
    assert entry.asked == "a.com, b.com"
    assert set(entry.entities) == {("domain-name", "a.com"), ("domain-name", "b.com")}


def test_an_unknown_thing_begins_nothing(atlas):
    with pytest.raises(NotFoundError) as told:
        begin(atlas, "nobody.example")
    assert told.value.place == "nobody.example"


def test_a_piece_holds_every_line_between_its_nodes_and_no_other(atlas):
    found = piece(atlas, names(FAMILY, SITES[0], SITES[5], HOST))
    assert said(found) == {
        ("domain-name:a.com", "indicates", "malware:alphabot"),
        ("domain-name:f.com", "indicates", "malware:alphabot"),
        ("domain-name:a.com", "resolves-to", "ipv4-addr:198.51.100.7"),
    }


def test_nodes_come_in_the_order_asked_for_and_once(atlas):
    asked = names(HOST, FAMILY, SITES[3], FAMILY)
    assert [node.id for node in piece(atlas, asked).nodes] == asked[:3]


@pytest.mark.parametrize(
    "name",
    ["", ":", "domain-name", "domain-name:", "nokind:a.com", "domain-name:A.COM", "domain-name:a.com\x00", "\ud800:x"],
    ids=["empty", "colon", "kind", "no value", "no such kind", "no normal form", "nul", "surrogate"],
)  # fmt: skip
def test_a_name_that_names_nothing_is_left_out(atlas, name):
    assert [node.id for node in piece(atlas, [name, str(FAMILY)]).nodes] == [str(FAMILY)]


def test_nothing_asked_is_nothing_shown(atlas):
    assert piece(atlas, []) == Piece()


def test_more_names_than_a_canvas_holds_are_refused(atlas):
    with pytest.raises(TooLargeError):
        piece(atlas, [f"domain-name:n{at}.com" for at in range(MOST_NODES + 1)])


def test_a_node_says_kind_icon_and_place_in_the_crime_script(atlas):
    one = spot(piece(atlas, names(SITES[0], FAMILY)), SITES[0])
    assert (one.kind, one.name, one.icon, one.phase) == ("domain-name", "Domain", "globe", "lure")


def test_a_label_is_never_a_live_link(atlas):
    assert spot(piece(atlas, names(SITES[0])), SITES[0]).label == "a[.]com"


def test_the_degree_counts_links_beyond_the_canvas(atlas):
    assert spot(piece(atlas, names(FAMILY)), FAMILY).degree == 7


def test_a_node_stands_in_the_country_that_a_source_gives(atlas):
    found = piece(atlas, names(GANG, LAND, FAMILY))
    assert [one.country for one in found.nodes] == ["RU", "RU", ""]


def test_a_node_names_the_publisher_of_most_of_its_lines(atlas):
    found = piece(atlas, names(FAMILY, HOST, *SITES))
    assert spot(found, FAMILY).origin == "alpha"
    assert spot(found, HOST).origin == "beta"


def test_a_node_without_lines_here_has_no_publisher_and_no_label(atlas):
    one = spot(piece(atlas, names(FAMILY, LAND)), LAND)
    assert (one.origin, one.tlp) == ("", "")


def test_a_node_shows_the_mildest_label_under_which_it_is_known(atlas):
    found = piece(atlas, names(SITES[0], FAMILY, HOST))
    assert spot(found, SITES[0]).tlp == "TLP:CLEAR"
    assert spot(found, HOST).tlp == "TLP:GREEN"


def test_a_line_shows_the_strictest_label_among_its_claims(world):
    tell(world)
    strict = names(SITES[0], HOST)
    world.say("bank", (SITES[0], "resolves-to", HOST), path="again")
    found = piece(world.open("police"), strict)
    assert line(found, SITES[0], "resolves-to", HOST).tlp == "TLP:GREEN"
    assert spot(found, HOST).tlp == "TLP:CLEAR"


def test_a_line_says_its_belief_in_a_word_and_its_days(atlas):
    one = line(piece(atlas, names(SITES[0], FAMILY)), SITES[0], "indicates", FAMILY)
    assert 0.5 < one.belief < 1
    assert one.word in {"likely", "very likely", "almost certain"}
    assert (one.first, one.last) == (20463, 20465)
    assert (one.verdict, one.origins, one.label) == ("proposed", 1, property_label("indicates"))


def test_a_line_without_a_day_has_none(atlas):
    one = line(piece(atlas, names(GANG, FAMILY)), GANG, "uses", FAMILY)
    assert (one.first, one.last) == (None, None)


def test_a_link_to_a_shared_thing_is_loose(atlas):
    found = piece(atlas, names(GANG, LAND, FAMILY))
    assert line(found, GANG, "located-in", LAND).loose
    assert not line(found, GANG, "uses", FAMILY).loose
    assert spot(found, LAND).flags == ("shared",)


def test_a_disputed_statement_is_not_drawn(world):
    seqs = world.say("vendor", (SITES[0], "indicates", FAMILY), (SITES[1], "indicates", FAMILY))
    vote(world.open("bank"), world.ids("bank", seqs[:1]), Vote.DISPUTE, "parked")
    found = piece(world.open("bank"), names(FAMILY, *SITES[:2]))
    assert said(found) == {("domain-name:b.com", "indicates", "malware:alphabot")}
    assert spot(found, FAMILY).degree == 1


def test_an_identity_judgement_is_an_assessment_and_makes_a_cluster(world):
    other = entity("group:zeta spider")
    world.say("vendor", (GANG, "uses", FAMILY), (other, "uses", FAMILY))
    decide(world.open("vendor"), (str(GANG), str(other)), Sameness.SAME, reason="one leak names both")
    found = piece(world.open("police"), names(GANG, other, FAMILY))
    [bond] = [one for one in found.lines if one.property == "same-as"]
    assert (bond.assessment, bond.label, bond.tlp) == (True, "is the same as", "")
    assert spot(found, GANG).cluster == spot(found, other).cluster != ""
    assert spot(found, FAMILY).cluster == ""


def test_what_is_the_same_as_something_off_the_canvas_stands_alone(world):
    other = entity("group:zeta spider")
    world.say("vendor", (GANG, "uses", FAMILY), (other, "uses", FAMILY))
    decide(world.open("vendor"), (str(GANG), str(other)), Sameness.SAME, reason="one leak names both")
    assert spot(piece(world.open("police"), names(GANG, FAMILY)), GANG).cluster == ""


def test_branches_count_neighbours_by_property_and_direction(atlas):
    found = {(one.property, one.backward): one.count for one in branches(atlas, str(FAMILY))}
    assert found == {("indicates", True): 6, ("uses", True): 1}


def test_branches_say_the_property_from_the_side_of_the_node(atlas):
    [first, second] = branches(atlas, str(GANG))
    assert {first.label, second.label} == {property_label("uses"), property_label("located-in")}
    used = next(one for one in branches(atlas, str(FAMILY)) if one.property == "uses")
    assert used.label == property_label("uses", reverse=True) != property_label("uses")


def test_branches_say_what_kinds_they_lead_to(world):
    world.say(
        "vendor", (GANG, "uses", FAMILY), (GANG, "uses", entity("tool:t")), (GANG, "uses", entity("tool:u"))
    )
    [one] = branches(world.open("bank"), str(GANG))
    assert list(one.kinds.items()) == [("tool", 2), ("malware", 1)]


def test_the_largest_branch_comes_first(atlas):
    counts = [one.count for one in branches(atlas, str(FAMILY))]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(
    "flow", [branches, lambda a, n: expand(a, n, ("uses", False))], ids=["branches", "expand"]
)
def test_what_is_not_there_has_no_branches(atlas, flow):
    with pytest.raises(NotFoundError):
        flow(atlas, "group:nobody")


def test_an_expansion_brings_exactly_the_branch(atlas):
    found = expand(atlas, str(FAMILY), ("indicates", True))
    assert {node.id for node in found.nodes} == set(names(FAMILY, *SITES))


def test_an_expansion_in_the_other_direction_brings_nothing(atlas):
    assert [node.id for node in expand(atlas, str(FAMILY), ("indicates", False)).nodes] == [str(FAMILY)]


def test_an_expansion_brings_what_is_new_and_its_lines_to_what_was_there(atlas):
    found = expand(atlas, str(FAMILY), ("indicates", True), beside=names(HOST, SITES[2]))
    assert ("domain-name:a.com", "resolves-to", "ipv4-addr:198.51.100.7") in said(found)
    assert len(found.nodes) == len(set(names(FAMILY, HOST, *SITES)))


@pytest.mark.parametrize(("most", "new"), [(0, 0), (1, 1), (3, 3), (-5, 0), (10_000, 6)])
def test_an_expansion_brings_no_more_than_asked(atlas, most, new):
    assert len(expand(atlas, str(FAMILY), ("indicates", True), most=most).nodes) == 1 + new


def test_an_expansion_brings_the_least_shared_first(atlas):
    found = expand(atlas, str(FAMILY), ("indicates", True), most=4)
    assert [node.id for node in found.nodes[1:]] == names(*SITES[2:])


def test_the_expanded_node_counts_once_when_it_is_on_the_canvas(atlas):
    found = expand(atlas, str(FAMILY), ("uses", True), beside=names(FAMILY))
    assert [node.id for node in found.nodes] == names(FAMILY, GANG)


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("x" * LONGEST_LABEL, LONGEST_LABEL),
        ("x" * (LONGEST_LABEL + 1), LONGEST_LABEL),
        ("x" * 10_000, LONGEST_LABEL),
    ],
)
def test_a_label_is_cut_where_a_canvas_ends(value, length):
    assert len(shown(entity(f"group:{value}"))) == length


def test_a_cut_label_says_that_it_was_cut():
    assert shown(entity(f"group:{'x' * 400}")).endswith("x…")


def test_a_label_spells_out_what_would_turn_or_hide_it():
    label = shown(entity("group:evil\u202egpj.exe\u200b"))
    assert "\u202e" not in label
    assert "\u200b" not in label


@pytest.mark.parametrize(("name", "label"), [("same-as", "is the same as"), ("no-such-word", "no-such-word")])
def test_a_property_outside_the_vocabulary_has_a_name_too(name, label):
    assert property_label(name) == property_label(name, reverse=True) == label


def test_a_piece_is_written_as_json_and_read_again(atlas):
    found = piece(atlas, names(FAMILY, GANG, LAND, HOST, *SITES))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Piece) == found


def test_an_export_of_a_canvas_holds_what_is_drawn_on_it_and_may_leave(world):
    tell(world)
    out = io.BytesIO()
    told = export(world.open("police"), "graphml", out, names=names(FAMILY, SITES[0], HOST))
    text = out.getvalue().decode()
    assert (told.claims, told.left_out) == (1, 1), "the resolution to the host is GREEN"
    assert "a.com" in text.replace("[.]", ".")
    assert "b.com" not in text.replace("[.]", ".")


def test_an_export_of_a_canvas_of_unknown_things_is_empty(world):
    tell(world)
    assert export(world.open("police"), "csv", io.BytesIO(), names=["group:nobody"]).claims == 0
