"""What a message says is read out of its wrappings, part by part, and nothing hostile breaks the reader."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.mail import MAX_PARTS, is_mail, mail_parts

HEAD = b"From: Nova <a@evil.com>\r\nSubject: Pay\r\nDate: Tue, 20 Jan 2026 10:00:00 +0000\r\n"
PLAIN = HEAD + b"\r\nPay now\r\nor else\r\n"


def mime(*leaves: bytes) -> bytes:
    inner = b"".join(b"--b\r\n" + leaf + b"\r\n" for leaf in leaves)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + inner + b"--b--\r\n"


def texts(data: bytes) -> list[str | None]:
    return [part.text for part in mail_parts(data) if part.number]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN, id="a message"),
        pytest.param(PLAIN.replace(b"\r\n", b"\n"), id="as Unix saves it"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN, id="after a byte order mark"),
        pytest.param(b"From a@evil.com Tue Jan 20 10:00:00 2026\n" + PLAIN, id="a mailbox"),
        pytest.param(HEAD.replace(b"Pay", b"Pay\r\n now"), id="a folded header and no body"),
        pytest.param(
            b"Received: from x\r\n\tby y\r\nMessage-ID: <1@x>\r\nFrom: a@b\r\n\r\n", id="as servers begin"
        ),
    ],
)
def test_a_message_is_recognised(data):
    assert is_mail(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"From: the desk\nTo: all\n\nevil.com is bad\n", id="a memo"),
        pytest.param(b"Subject: x\nDate: y\nTo: z\n\nbody", id="nobody sends it"),
        pytest.param(b"We got this:\n" + PLAIN, id="quoted in a report"),
        pytest.param(b"From here to there: all\nDate: x\n", id="prose"),
        pytest.param(b"from:a@b\nsubject:x\ndate:y\n", id="YAML without blanks"),
        pytest.param(b'{"From": "a", "Subject": "b", "Date": "c"}', id="JSON"),
        pytest.param(b"\x00" * 100, id="zeros"),
    ],
)
def test_what_only_looks_like_one_is_not(data):
    assert not is_mail(data)


def test_headers_are_part_0_and_the_text_part_1():
    headers, text = mail_parts(PLAIN)
    assert (headers.message, headers.number, text.message, text.number) == (1, 0, 1, 1)
    assert headers.text == "From: Nova <a@evil.com>\nSubject: Pay\nDate: Tue, 20 Jan 2026 10:00:00 +0000"
    assert text.text == "Pay now\nor else\n"
    assert (text.kind, text.place) == ("text/plain", "message 1 part 1")


@pytest.mark.parametrize(
    ("leaf", "text"),
    [
        pytest.param(
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\nbc1qar0srr=\r\nr7xfk =C3=A9",
            "bc1qar0srrr7xfk é",
            id="quoted-printable, a soft break inside an address",
        ),
        pytest.param(
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"see http://evil.com/pay"),
            "see http://evil.com/pay",
            id="base64",
        ),
        pytest.param(
            b"Content-Type: text/plain; charset=koi8-r\r\n\r\n" + "Счёт".encode("koi8-r"),
            "Счёт",
            id="an old code page, by its label",
        ),
        pytest.param(
            b"Content-Type: text/plain; charset=base64\r\n\r\n" + "оплатите счёт сегодня же".encode("cp1251"),
            "оплатите счёт сегодня же",
            id="a label that is no code page",
        ),
        pytest.param(
            b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + "für".encode(),
            "für",
            id="UTF-8 that says it is ASCII",
        ),
        pytest.param(b"Content-Transfer-Encoding: base64\r\n\r\n!!!!", None, id="broken base64"),
    ],
)
def test_a_text_is_read_as_it_was_written(leaf, text):
    [found] = texts(mime(leaf))
    assert isinstance(found, str)
    assert text is None or found.strip() == text


def test_encoded_words_in_headers_are_decoded_and_broken_ones_stay():
    subject = "=?utf-8?b?0KHRh9GR0YI=?="
    headers = next(mail_parts(HEAD.replace(b"Pay", subject.encode()) + b"\r\n")).text
    assert headers is not None
    assert "Subject: Счёт" in headers
    broken = next(mail_parts(HEAD.replace(b"Pay", b"=?x-none?b?####?=") + b"\r\n")).text
    assert broken is not None
    assert broken.count("\n") == headers.count("\n")


def test_an_attachment_is_a_part_without_a_text_and_counts():
    leaf = b"Content-Type: application/pdf; name*=utf-8''%C3%A9.pdf\r\n\r\n%PDF-1.7"
    _, first, second, third = mail_parts(mime(b"\r\none", leaf, b"\r\ntwo"))
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert (second.kind, second.name, second.text) == ("application/pdf", "é.pdf", None)
    assert third.text is not None
    assert third.text.strip() == "two"


def test_a_message_inside_a_message_is_read():
    inner = b"Content-Type: message/rfc822\r\n\r\n" + PLAIN
    assert "Pay now" in "".join(text or "" for text in texts(mime(b"\r\nforwarded", inner)))


def test_a_mailbox_is_cut_at_its_borders_only():
    """A line of a text that begins with From is quoted by mailboxes, or follows no blank line."""
    second = HEAD + b"\r\n>From here on\r\nFrom me too\r\n\r\nFrom the heart\r\n"
    border = b"From a@evil.com Tue Jan 20 10:00:00 2026\r\n"
    found = list(mail_parts(border + PLAIN + b"\r\n" + border + second))
    assert [(one.message, one.number) for one in found] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert found[3].text is not None
    assert found[3].text.startswith("From here on\nFrom me too\n\nFrom the heart")


def test_more_parts_than_anybody_reads_are_refused_with_the_message():
    with pytest.raises(TooLargeError, match="parts") as error:
        list(mail_parts(mime(*[b"\r\nx"] * (MAX_PARTS + 1))))
    assert error.value.place == "message 1"
    assert len(texts(mime(*[b"\r\nx"] * MAX_PARTS))) == MAX_PARTS


def test_absurd_nesting_is_refused_or_read_but_breaks_nothing():
    deep = b"\r\nleaf"
    for number in range(2_000):
        border = b"b%d" % number
        deep = b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n%b" % (border, border, deep)
    try:
        assert texts(HEAD + deep)
    except BadInputError as error:
        assert error.place == "message 1"  # noqa: PT017 - either outcome is right


@given(st.binary(max_size=300))
def test_any_bytes_after_a_head_are_some_parts(body):
    parts = list(mail_parts(HEAD + b"\r\n" + body))
    assert [part.number for part in parts if part.message == 1][:1] == [0]
    assert all(part.text is None or "\r" not in part.text for part in parts)
    for part in parts:
        (part.text or "").encode()


@given(st.binary(max_size=300))
def test_any_bytes_are_mail_or_not(data):
    assert is_mail(data) in {True, False}
