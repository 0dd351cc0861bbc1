"""Defanging in all its styles: what each stands for, the way there and back, and what is left alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values import registry
from chokepoint.values.defang import INVISIBLE, defang, edits, refang
from chokepoint.values.text import scan
from chokepoint.values.unseen import visible

DOTS = ["[.]", "(.)", "{.}", "<.>", "[dot]", "(dot)", "[DOT]", "{dot}", " [.] ", "[ . ]", "(punto)", "[point]", "[punkt]", "(nokta)", "[จุด]", "[ドット]", "\\.", "[.", ".]"]  # fmt: skip
ATS = ["[@]", "(@)", "{@}", "<@>", "[at]", "(at)", "[AT]", "{at}", " [at] ", "(arroba)", "[arobase]", "[ät]", "[แอท]", "[アット]"]  # fmt: skip
SCHEMES = ["hxxp", "hXXp", "HXXP", "h**p", "h__p", "hxtp", "htxp", "h[tt]p"]
SLASHES = ["[:]//", "[://]", "[:/]/", ":[//]", ":\\/\\/", "(:)//", "[:]\\/\\/"]
HOSTS = ["evil.com", "a.b-c.evil.co.th", "xn--mller-kva.de", "login.bank.example"]
hosts = st.from_regex(
    r"[a-z][a-z0-9-]{0,8}[a-z0-9](\.[a-z]{3,9}){0,2}\.(com|net|org|de|th|xyz)", fullmatch=True
)
paths = st.from_regex(r"(/[a-z0-9._-]{1,8}){0,3}(\?[a-z]=[a-z0-9]{1,4})?", fullmatch=True)


@pytest.mark.parametrize("dot", DOTS)
@pytest.mark.parametrize("name", HOSTS)
def test_every_dot_is_undone_in_every_place(dot, name):
    assert refang(name.replace(".", dot)) == name


@pytest.mark.parametrize("dot", DOTS)
def test_a_host_with_one_dot_made_harmless_is_as_whole_as_one_with_all(dot):
    for places in itertools.product((".", dot), repeat=3):
        written = "a{}evil{}co{}th".format(*places)
        assert registry.parse("domain-name", written).value == "a.evil.co.th"


@pytest.mark.parametrize("at", ATS)
@pytest.mark.parametrize("dot", ["[.]", "(dot)", "."])
def test_a_mailbox_is_whole_by_every_pair_of_habits(at, dot):
    written = f"bob.smith{at}evil{dot}com"
    assert registry.parse("email-addr", written).value == "bob.smith@evil.com"
    assert [tuple(one.entity) for one in scan(f"write to {written} now")] == [
        ("email-addr", "bob.smith@evil.com")
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tls", ["", "s"])
def test_every_scheme_is_undone_with_and_without_its_s(scheme, tls):
    assert refang(f"{scheme}{tls}://evil.com/a") == f"http{tls}://evil.com/a"
    assert registry.parse("url", f"{scheme}{tls}[:]//evil[.]com/a").value == f"http{tls}://evil.com/a"


@pytest.mark.parametrize("slashes", SLASHES)
@pytest.mark.parametrize("scheme", ["http", "hxxps", "ftp", "fxp"])
def test_every_way_to_break_the_slashes_is_undone(slashes, scheme):
    whole = scheme.replace("xx", "tt").replace("fxp", "ftp")
    assert refang(f"{scheme}{slashes}evil.com") == f"{whole}://evil.com"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("&#104;ttp://evil&#46;com", "http://evil.com"),
        ("bob&commat;evil&period;com", "bob@evil.com"),
        ("http&colon;&sol;&sol;evil.com", "http://evil.com"),
        ("a&nbsp;b", "a b"),
        ("http://evil.com/?a=1&amp;b=2", "http://evil.com/?a=1&b=2"),
        ("&#x65;vil.com", "evil.com"),
        ("&#0;", "&#0;"),
        ("&#65535;x", "&#65535;x"),
        ("AT&T", "AT&T"),
        ("&lt;bob@evil.com&gt;", "<bob@evil.com>"),
    ],
    ids=[
        "letters",
        "named",
        "scheme",
        "blank",
        "ampersand",
        "hexadecimal",
        "nul",
        "unassigned",
        "company",
        "brackets",
    ],
)
def test_references_of_html_are_characters_where_they_stand_for_a_printable_one(text, whole):
    assert refang(text) == whole


@pytest.mark.parametrize(
    "text",
    [
        "[dot]",
        "see [at] the end.",
        "f(x) . g(x)",
        "array[.5]",
        "(a) at (b)",
        "[at]",
        "cost: 5 . 6",
        "dinner @ noon",
        "x @ y",
        "a [ . ] ",
        "C:\\.git",
        "12[:]30",
        "hxxp",
        "hxxp is a habit",
        "fxp desk",
        "i.e. [..] and so on",
    ],
)
def test_what_is_no_defanged_address_names_nothing(text):
    assert scan(text) == []


@given(hosts, paths, st.sampled_from(["http", "https", "ftp"]))
def test_a_web_address_comes_back_from_our_own_defanging(name, path, scheme):
    address = f"{scheme}://{name}{path or '/'}"
    harmless = defang(address)
    assert "://" not in harmless.replace("hxxp", "").replace("fxp", "") or "http" not in harmless
    assert "." not in harmless.partition("://")[2].partition("/")[0].replace("[.]", "")
    assert refang(harmless) == address


@given(hosts, st.lists(st.sampled_from(["[.]", "(.)", "[dot]", "{.}", "."]), min_size=5, max_size=5))
def test_a_host_is_whole_whatever_mixture_of_habits_hides_it(name, dots):
    parts = name.split(".")
    written = parts[0] + "".join(dot + part for dot, part in zip(dots, parts[1:], strict=False))
    assert refang(written) == name
    assert registry.parse("domain-name", written).value == name


@given(hosts, st.sampled_from(sorted(INVISIBLE)), st.data())
def test_a_character_that_shows_nothing_hides_no_host(name, hidden, data):
    at = data.draw(st.integers(0, len(name)))
    assert registry.parse("domain-name", name[:at] + hidden + name[at:]).value == name


@given(st.text(max_size=120))
def test_edits_stand_in_order_and_never_overlap(text):
    last = 0
    for edit in edits(text):
        assert last <= edit.start < edit.end <= len(text)
        last = edit.end


@given(st.text(alphabet="a.@[](){}<>:/\\dot&#;hxtp \u200b\u0301", max_size=40))
def test_refanging_is_the_text_with_its_edits_made(text):
    whole, last = "", 0
    for edit in edits(text):
        whole += text[last : edit.start] + edit.plain
        last = edit.end
    assert refang(text) == whole + text[last:]


@given(
    st.text(
        alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="[](){}<>&\\*_"),
        max_size=80,
    )
)
def test_plain_words_are_left_as_they_are(text):
    if "xx" not in text.lower() and "xt" not in text.lower() and "tx" not in text.lower():
        assert refang(text) == text


@given(st.text(max_size=100))
def test_whatever_is_made_visible_can_be_printed_on_one_line(text):
    shown = visible(text)
    assert not any(hidden in shown for hidden in INVISIBLE if hidden not in "\u200c\u200d")
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("evil\u202ecod.exe", "evil<U+202E>cod.exe"),
        ("a\u200bb", "a<U+200B>b"),
        ("a\x00b", "a<U+0000>b"),
        ("a\x7fb", "a<U+007F>b"),
        ("a\u0085b", "a<U+0085>b"),
        ("a\U000e0041b", "a<U+E0041>b"),
        ("\ufeffa", "<U+FEFF>a"),
        ("น้ำ", "น้ำ"),
        ("tab\there", "tab<U+0009>here"),
        ("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
        ("\u3164\u2800\uffa0\u1160", "<U+3164><U+2800><U+FFA0><U+1160>"),
        ("a\ufffeb\uffff\U0010ffff", "a<U+FFFE>b<U+FFFF><U+10FFFF>"),
        ("a\ud800", "a<U+D800>"),
        ("\ufff9base\ufffaruby\ufffb", "<U+FFF9>base<U+FFFA>ruby<U+FFFB>"),
        ("\u06dd\u0661", "\u06dd\u0661"),
        ("香港 שלום ñ 🙂", "香港 שלום ñ 🙂"),
    ],
    ids=[
        *("override", "zero-width", "nul", "delete", "next-line", "tag", "byte-order", "thai", "tab"),
        *("separators", "fillers", "no-character", "half", "ruby", "arabic-number-sign", "other-scripts"),
    ],
)
def test_what_hides_is_spelt_out_and_what_shows_stays(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("http://evil.com", "hxxp://evil[.]com"),
        ("https://evil.com/a.b/c.d", "hxxps://evil[.]com/a.b/c.d"),
        ("ftp://evil.com/x", "fxp://evil[.]com/x"),
        ("evil.com", "evil[.]com"),
        ("1.2.3.4", "1[.]2[.]3[.]4"),
        ("bob@a.evil.com", "bob@a[.]evil[.]com"),
        ("", ""),
    ],
)
def test_defanging_breaks_scheme_and_host_and_leaves_the_path_readable(text, harmless):
    assert defang(text) == harmless


@given(hosts)
def test_what_is_shown_of_a_host_is_no_live_link_and_names_it_still(name):
    shown = registry.show(registry.parse("domain-name", name))
    assert name not in shown
    assert registry.detect(shown).value == name


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("http[s]://evil-h.com/x", "https://evil-h.com/x"),
        ("HTTP[S]://evil-h.com/", "https://evil-h.com/"),
        ("http[s][:]//evil-h[.]com/", "https://evil-h.com/"),
        ("meow://evil-h.com/x", "http://evil-h.com/x"),
        ("Meows://evil-h[.]com/", "https://evil-h.com/"),
    ],
)
def test_a_scheme_made_harmless_in_brackets_or_by_a_cat_is_found_whole(written: str, plain: str) -> None:
    (found,) = scan(f"see {written} now")
    assert (found.entity.value, found.raw) == (plain, written)


@pytest.mark.parametrize("text", ["http[s] is a scheme", "homeowner://x", "meow, said the cat", "[s]://x"])
def test_words_that_only_resemble_a_scheme_stay(text: str) -> None:
    assert refang(text) == text
