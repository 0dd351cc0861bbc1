"""Edge lists block by block: the quick reader finds what reading each line with care finds, however it is cut."""

from __future__ import annotations

import io

import numpy as np
import pytest
from choke_lines import as_file, line_by_line, names_of, pairs_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chokepoint.choke import edges as edges_module
from chokepoint.choke.edges import LONGEST_LINE, MOST_SHOWN, read_costs, read_edges
from chokepoint.choke.kernels import lines as kernel
from chokepoint.model.errors import BadInputError, TooLargeError

TANGLE = st.text(st.sampled_from('ab01 ,;\t"#%/\r\n\n\x0b\x1c\x85\xa0\u3000\ufeffไé'), max_size=60)
WORDS = st.lists(
    st.sampled_from(
        [
            "1",
            "10",
            "a",
            "source",
            "target",
            " ",
            "  ",
            ",",
            ";",
            "\t",
            "\n",
            "\r\n",
            "#",
            "//",
            '"',
            "é",
            "/",
        ]
    ),
    max_size=40,
).map("".join)


def found(blocks):
    """(pairs, broken) or the refusal's line and reason."""
    try:
        edges = read_edges(blocks)
    except BadInputError as error:
        return error.place, error.reason
    return pairs_of(edges), [(one.line, one.reason) for one in edges.broken]


def expected(data):
    pairs, broken = line_by_line(data)
    if not pairs and broken:
        line, reason = broken[0]
        return f"line {line}", f"no edge in any line; {reason}"
    return pairs, broken


def cut_at(data, places):
    ends = sorted({min(place, len(data)) for place in places} | {len(data)})
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False)]


@settings(max_examples=250, deadline=None)
@given(text=st.one_of(TANGLE, WORDS))
@example(text="a b\t\n\ta\tb\n\t\n")
@example(text="a\tb c,d\n1;2,3\n1\t2;3\n")
@example(text="a,\t b \n,a b\n a , , b\n")
@example(text="a\rb\r\n\ra b\r\r\n")
@example(text="/ /\n/\n//\n /a b\n")
def test_any_text_is_read_as_line_by_line(text):
    data = text.encode()
    assert found([data]) == expected(data)


@settings(max_examples=120, deadline=None)
@given(data=st.one_of(st.binary(max_size=60), st.lists(st.binary(max_size=8)).map(b" \n".join)))
def test_any_bytes_are_read_as_line_by_line(data):
    assert found([data]) == expected(data)


@settings(max_examples=120, deadline=None)
@given(text=st.one_of(TANGLE, WORDS), places=st.lists(st.integers(0, 60), max_size=8))
def test_where_a_file_is_cut_into_blocks_changes_nothing(text, places):
    data = text.encode()
    assert found(cut_at(data, places)) == found([data])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_letter_of_several_bytes_may_be_cut_in_two(size):
    data = "ไทย,ลาว\nลาว,ไทย\n".encode()
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    assert pairs_of(read_edges(blocks)) == [("ไทย", "ลาว"), ("ลาว", "ไทย")]


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n", b"\n\n"], ids=["open", "closed", "crlf", "empty"])
def test_the_last_line_needs_no_end(tail):
    assert pairs_of(read_edges([b"a b\nb c", tail])) == [("a", "b"), ("b", "c")]


def test_plain_and_odd_lines_number_their_names_together():
    edges = read_edges([as_file(["b 1", '"a",b', "1 a", "é 1", "x\x01 b"])])
    assert tuple(edges.names) == ("b", "1", "a", "é", "x\x01")
    assert (edges.u.tolist(), edges.v.tolist()) == ([0, 2, 1, 3, 4], [1, 0, 2, 1, 0])


def test_a_line_with_nul_gives_no_name_to_the_plain_ones():
    assert tuple(read_edges([b"x x\0\nx\0\0 \0x\nx y\n"]).names) == ("x", "y")


@pytest.mark.parametrize("block", [100, 4096, 1 << 20])
def test_a_line_of_two_megabytes_is_one_broken_line_and_no_edge(block):
    data = b"a b\n" + b"x" * (2 << 20) + b" y\nb c\nalone\n"
    edges = read_edges(data[at : at + block] for at in range(0, len(data), block))
    assert pairs_of(edges) == [("a", "b"), ("b", "c")]
    assert [(one.line, one.reason) for one in edges.broken] == [
        (2, "longer than 10000 bytes"),
        (4, "'alone' has no two columns"),
    ]


@settings(max_examples=60, deadline=None)
@given(text=TANGLE, most=st.integers(1, 9))
def test_a_block_that_is_too_large_is_cut_itself(text, most):
    data = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edges_module, "LARGEST_BLOCK", most)
        cut = found([data])
    assert cut == found([data])


def test_a_line_without_end_is_not_held():
    """Blocks of a line that is too long are dropped as they come, not gathered until its end."""
    most = max(len(block) for block in edges_module._whole_lines([b"z" * 5_000] * 400 + [b"\na b\n"]))
    assert most <= LONGEST_LINE + 5_001 + len(b"\na b\n")


@pytest.mark.parametrize("over", [0, 1])
@pytest.mark.parametrize("end", [b"\n", b""], ids=["closed", "open"])
def test_the_longest_line_is_counted_without_its_end(over, end):
    line = b"a " + b"b" * (LONGEST_LINE - 2 + over)
    edges = read_edges([b"x y\n", line, end])
    assert (edges.u.size, edges.broken_count) == (2 - over, over)


def test_header_lines_are_dropped_over_blocks_until_the_first_edge():
    blocks = [b"# by hand\nsource,target\n", b'"From","To"\n\n', b"u v\na b\n", b"u v\n"]
    assert pairs_of(read_edges(blocks)) == [("a", "b"), ("u", "v")]


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 15])
def test_one_edge_too_many_is_told_with_its_line_in_any_block(monkeypatch, cut):
    monkeypatch.setattr(edges_module, "MOST_EDGES", 2)
    data = b"a b\n\nx\nb c\n# c\nc d\ne f\n"
    with pytest.raises(TooLargeError) as caught:
        read_edges([data[:cut], data[cut:]])
    assert caught.value.place == "line 6"


def test_broken_lines_are_counted_on_from_block_to_block():
    edges = read_edges([b"a b\nx\n", b"\n\ny\n", b"b c\nz"])
    assert [one.line for one in edges.broken] == [2, 5, 7]


def test_the_first_hundred_broken_costs_are_kept_whichever_way_they_are_broken():
    """Lines without two columns are found before costs that are none, within one block."""
    lines = [*("a -1" for _ in range(MOST_SHOWN)), *("alone" for _ in range(MOST_SHOWN))]
    broken = read_costs([as_file(lines)], names_of(["a"])).broken
    assert [one.line for one in broken] == list(range(1, MOST_SHOWN + 1))


def test_costs_are_read_in_blocks_and_count_lines_on():
    found = read_costs([b"a 2\nb", b" 3\nc x\n", b"d 4\nc 0\n"], names_of("abc"))
    assert found.costs.tolist() == [2, 3, 1]
    assert [one.line for one in found.broken] == [3, 5]
    assert found.strange == 1


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 10**12), st.integers(0, 10**12), st.floats(0, 9)), min_size=1, max_size=30
    ),
    mark=st.sampled_from([" ", ",", ";", "\t", "   "]),
)
def test_whole_numbers_with_weights_are_read_as_numpy_reads_them(rows, mark):
    data = as_file(mark.join(map(str, row)) for row in rows)
    table = np.loadtxt(io.BytesIO(data), delimiter=mark.strip(" ") or None, ndmin=2)
    edges = read_edges([data])
    numbers = np.array([int(name) for name in edges.names], float)
    assert edges.names.are_numbers()
    assert np.array_equal(np.column_stack([numbers[edges.u], numbers[edges.v]]), table[:, :2])


@pytest.mark.parametrize(
    "line", [b"1 2", b"a,b", b" a ; b ", b"a\tb\tc", b"a b # note", b"a b \r", b"-1 1e9 3.5"]
)
def test_a_plain_line_is_read_by_the_kernel_alone(line):
    """What is plain must not fall back to the slow way unnoticed."""
    spans = np.empty((1, 4), np.int32)
    assert kernel.split(np.frombuffer(line + b"\n", np.uint8), LONGEST_LINE, spans) == 1
    assert spans[0, 0] >= 0


@pytest.mark.parametrize("line", [b"", b"  ", b"# a b", b"%", b"//x", b"\t"])
def test_a_line_of_nothing_is_passed_over_by_the_kernel_alone(line):
    spans = np.empty((1, 4), np.int32)
    kernel.split(np.frombuffer(line + b"\n", np.uint8), LONGEST_LINE, spans)
    assert spans[0, 0] == kernel.NONE
