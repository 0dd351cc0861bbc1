"""Nothing on a page is left in English: in a language that is none, all that we say stands in ⟦⟧."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from chain_world import chain
from desk_world import World
from web_desk import Person, Web
from web_pseudo import STANDS_FOR, WORD, marked, outside, speak
from web_world import fill

from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Role
from chokepoint.settings import Settings
from chokepoint.web.locales.update import spoken
from chokepoint.web.pages.collect import formats
from chokepoint.web.show import templates
from chokepoint.web.show.languages import locale
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 120
FIGURES = """operation,start,end,country,measure,qualifier,value,unit,source_url,note
Zorvex,2024-09-02,2024-10-31,KE,arrests,~,24,,https://zorvex.example/a,
Zorvex,2024-09-02,2024-10-31,KE,arrests,=,20,,https://qintar.example/b,
Qintar,2024-09-10,2024-10-12,KE,arrests,>,7,,https://zorvex.example/c,
Qintar,2024-09-10,2024-10-12,ALL,losses,=,5000000,USD,https://zorvex.example/c,
"""
TYPED = frozenset({
    "zorvex", "qintar", "bank", "police", "vendor", "ann", "chokepoint", "usd", "utc", "mb", "png", "svg", "graphml",
    "stix", "control", "org", "user", "th", "ke", "gh", "case", "claims", "cyrillic", "small", "letter", "right",
    "left", "override", "zero", "width", "space", "hxxps", "hxxp", "example", "csv", "operations", "txt", "empty",
    "xfe", "lujain", "google", "new", "thing", "com", "cyprus", "somaliland", "seen", "here", "too",
    "entity", "kind", "value", "interval", "start", "end", "precision", "day", "nobody", "nuke", "soon", "won", "atlantis", "pink", "malware", "fox",
})  # fmt: skip
"""Words of the tests, of formats and of Unicode's names for letters, besides those in claims."""
DAY = re.compile(r"\b\d{1,2} \w{3,9} \d{4}\b|\b\w{3,9} \d{4}\b")
WHEREABOUTS = re.compile(r'href="(/[^"#]*)"')
"""Addresses of pages that a page leads to."""
COMMANDS = re.compile(r"`[^`]*`|\bchokepoint [a-z][\w ]*|--[a-z]+(?: [A-Z]+)?")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A desk on a map with a vetted value chain, hostile claims, figures of operations, and people."""
    folder = tmp_path_factory.mktemp("words")
    world = World(folder / "atlas")
    for member in ("bank", "police", "vendor"):
        world.join(member)
    chain(world)
    fill(world.folder)
    with pytest.MonkeyPatch.context() as patch:
        speak(patch)
        web = Web(open_atlas(Settings(atlas=world.folder, viewer=Viewer(organisation=""))))
        table = folder / "operations.csv"
        table.write_text(FIGURES, "utf-8")
        gather(web.office.opened_by(Viewer(organisation="vendor")), [table], GatherOptions())
        yield web
        web.close()
        for atlas in [*world.opened, web.atlas]:
            atlas.engine.dispose()
    templates.environment.cache_clear()


@pytest.fixture(scope="module")
def data(desk: Web) -> frozenset[str]:
    """Words that somebody else wrote: of all claims, and of what the tests type."""
    atlas = desk.office.opened_by(Viewer(organisation="police"))
    with atlas.reader.connect() as connection:
        claims = [one.claim for one in atlas.reader.claims(connection, range(1, 2_000))]
    texts = (f"{one.subject} {one.object} {one.provenance.origin} {one.property}" for one in claims)
    places = [*locale(STANDS_FOR).territories.values(), "Coordination Center for TLD RU", *formats()]
    return TYPED | {word.casefold() for text in (*texts, *places) for word in WORD.findall(text)}


@pytest.fixture(scope="module")
def reader(desk: Web) -> Person:
    return speaking(desk, desk.signed_in("bank"))


def speaking(desk: Web, person: Person, page: str = "/") -> Person:
    """Somebody who reads the language that is none."""
    person.get(page)
    person.post("/look", language=STANDS_FOR, next=page)
    return person


def left(html: str, data: frozenset[str]) -> list[str]:
    """What of a page is left in English, but for days and commands of the command line."""
    return [
        text
        for text in outside(html, data)
        if outside(f"<p>{DAY.sub(' ', COMMANDS.sub(' ', text))}</p>", data)
    ]


def filled(person: Person, page: str, address: str, **fields: str) -> str:
    """Send a form of a page; where it leads, or what is answered."""
    person.get(page)
    answer = person.post(address, **fields)
    return answer.headers.get("location") or answer.text


class TestPseudoLanguage:
    @pytest.mark.parametrize(
        ("message", "told"),
        [
            pytest.param(
                "{count:,} things of %(name)s", "{count:,}⟦ things of ⟧%(name)s", id="places stay outside"
            ),
            pytest.param("Home", "⟦Home⟧", id="a word"),
            pytest.param("", "", id="nothing"),
        ],
    )
    def test_words_of_a_message_stand_in_brackets_and_what_is_put_in_outside(self, message: str, told: str):
        assert marked(message) == told

    @pytest.mark.parametrize(
        ("html", "found"),
        [
            pytest.param("<p>⟦Cost⟧ 7</p>", [], id="ours"),
            pytest.param("<p>Cost 7</p>", ["Cost 7"], id="English"),
            pytest.param("<p>⟦Said by⟧ zorvex</p>", [], id="data"),
            pytest.param("<p>TLP:AMBER+STRICT</p>", [], id="a label"),
            pytest.param('<p title="Cost">7</p>', ["Cost"], id="a title"),
            pytest.param('<button aria-label="Undo">⟦x⟧</button>', ["Undo"], id="what is read aloud"),
            pytest.param('<table><tr><td data-label="The cost">7</td></tr></table>', ["The cost"], id="what a style or a script shows"),
            pytest.param("""<p data-words='{"a": "Loading", "b": "⟦x⟧"}'></p>""", ["Loading"], id="what a script shows"),
            pytest.param("<svg><title>Flow</title><text>Days</text></svg>", ["Flow", "Days"], id="a drawing"),
            pytest.param("<script>var Cost</script><code>Cost</code>", [], id="no words"),
        ],
    )  # fmt: skip
    def test_what_stands_outside_is_found_wherever_a_reader_meets_it(self, html: str, found: list[str]):
        assert outside(html, frozenset({"zorvex"})) == found


def test_no_page_that_links_lead_to_has_an_english_word_left(desk: Web, reader: Person, data: frozenset[str]):
    case = filled(
        reader, "/case", "/case", title="Zorvex", purpose="qintar", review="2099-01-31", tlp="GREEN"
    )
    operation = filled(
        reader, "/operation", "/operation", name="Qintar", partners="KE, GH:Police", tlp="GREEN",
        basis=case.rpartition("/")[2],
    )  # fmt: skip
    filled(
        reader, operation, f"{operation}/act", target="a.cc", mode="takedown", on="2026-01-05", by="Zorvex"
    )
    reader.get("/package")
    reader.post("/package/build", target="a.cc", recipients="police")
    waiting = [
        "/",
        "/path?start=a.cc&goal=b.ru",
        "/choke?budget=40&beside=1",
        "/search?q=a",
        "/nothing",
        case,
        operation,
    ]
    seen: dict[str, list[str]] = {}
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        shape = re.sub(r"=[^&]*|(?<=-)[0-9a-f]{8,}", "", address)
        if shape not in seen and not address.startswith(("/static", "/enter", "/api")):
            page = reader.get(address)
            seen[shape] = (
                left(page.text, data) if page.headers.get("content-type", "").startswith("text/html") else []
            )
            waiting += [found.replace("&amp;", "&") for found in WHEREABOUTS.findall(page.text)]
    assert {shape: texts for shape, texts in seen.items() if texts} == {}
    assert len(seen) > 25


def test_what_a_page_shows_after_a_form_is_told_too(desk: Web, reader: Person, data: frozenset[str]):
    reader.get("/check")
    checked = reader.post("/check", text="evil.com a.cc\n10.0.0.1 8.8.8.8 google.com qintar.example")
    reader.get("/package")
    built = reader.post("/package/build", target="a.cc", recipients="police")
    reader.get("/package")
    proved = reader.upload("/package/verify", "p.zip", built.content)
    reader.get("/collect")
    sent = reader.upload("/collect", "qintar.txt", b"zorvex-one.example\n")
    desk.office.intake.settle()
    came = reader.get(sent.headers["location"])
    for page in (checked, proved, came):
        assert page.status_code == 200
        assert left(page.text, data | {"plain", "list", "one"}) == []


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        pytest.param("/case", {"title": "a", "purpose": "b", "review": "x", "tlp": "GREEN"}, id="a case without a day"),
        pytest.param("/case", {"title": "a", "purpose": "b", "review": "2099-01-31", "tlp": "PINK"}, id="no label"),
        pytest.param("/operation", {"name": "", "partners": "", "tlp": "GREEN"}, id="an operation without a name"),
        pytest.param("/operation", {"name": "x", "partners": "Atlantis", "tlp": "GREEN"}, id="no country"),
        pytest.param("/package/build", {"target": "evil.com", "recipients": "police"}, id="nothing accepted"),
        pytest.param("/account/keys", {"label": "", "scope": "x", "days": "30"}, id="a key for nothing"),
        pytest.param("/check/record", {"text": ""}, id="nothing that was checked"),
        pytest.param("/member/groups", {"name": "Zorvex", "members": "nobody"}, id="no member"),
        pytest.param("/member/people/invite", {"user": "!!", "role": "vetter"}, id="no name of a person"),
        pytest.param("/member/describe", {"name": "bank", "capabilities": "nuke"}, id="no way to act"),
        pytest.param("/access", {"word": "veto", "entity": "a.cc", "reason": "zorvex"}, id="not an overseer"),
    ],
)  # fmt: skip
def test_a_refusal_of_a_form_is_told_with_its_mend(
    reader: Person, data: frozenset[str], address: str, fields: dict[str, str]
):
    page = (
        address.removesuffix("/build").removesuffix("/keys").removesuffix("/invite").removesuffix("/describe")
    )
    answer = filled(reader, "/check" if page == "/check/record" else page, address, **fields)
    assert "<h1>" in answer, "refused with a page"
    words = {word.casefold() for mode in MODES for word in WORD.findall(mode)}
    assert left(answer, data | words) == []


MODES = (
    "takedown seizure freeze arrest sanction notification cooperation look check crypto address ipv4 addr",
)
"""Words that are typed as they are, in every language."""


@pytest.mark.parametrize("address", ["/sign-in", "/join/bank/ann/nothing", "/nothing"])
def test_who_is_not_signed_in_reads_their_language_too(desk: Web, data: frozenset[str], address: str):
    visitor = speaking(desk, desk.visitor(), "/sign-in")
    assert left(visitor.get(address).text, data) == []


def test_an_overseer_reads_the_access_log_in_their_language(desk: Web, data: frozenset[str]):
    desk.hired("bank/lujain", Role.ADMINISTRATOR)
    seer = speaking(desk, desk.signed_in("bank/lujain"))
    for address in ("/access", "/access/subject?of=a.cc", "/member/people"):
        page = seer.get(address)
        assert left(page.text, data | {"txt"}) == [], address


def test_every_sentence_of_the_desk_is_a_message_that_its_own_values_fit():
    told: Callable[[str], set[str]] = lambda text: set(re.findall(r"\{(\w+)", text))  # noqa: E731 - said once
    pairs = [one for one in spoken() if isinstance(one, tuple)]
    assert pairs
    assert [one for one in pairs if told(one[0]) != told(one[1])] == []
