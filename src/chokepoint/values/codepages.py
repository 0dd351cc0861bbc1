"""Which old code page a text that is not UTF-8 was written in, told by the letters that it then holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

THAI_RUN = 3.0
SAMPLE = 1 << 20

_MAC_BLANK = b"\xca"
_high_run = re.compile(rb"[\x80-\xff]+")
_thai = re.compile(rb"[\xa1-\xda\xdf-\xfb]")
_thai_commonest = re.compile("[าน รอกเง่มยลวดตทัี้ิ]".replace(" ", "").encode("cp874"))
_common_hanzi = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_cyrillic_small = re.compile(rb"[\xe0-\xff]")
_cyrillic_commonest = re.compile(rb"[\xe0\xe5\xe8\xee]")
_turkish = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
_kana = re.compile("[ぁ-ヾ]")
_hangul = re.compile("[가-힣]")
_wide = re.compile(r"[^\x00-\x7f]")


class Page(NamedTuple):
    """A code page: Python's name for its codec, and its name for people."""

    codec: str
    name: str


def code_page(data: bytes) -> Page:
    """The most likely code page of bytes that are no UTF-8; Windows-1252 where nothing speaks for another.

    Two-byte pages must decode without a fault and hold kana, Hangul or common Chinese characters; Thai,
    Russian and Turkish are told by which high bytes stand in the text, and how long their runs are.
    """
    sample = data[:SAMPLE]
    sample = sample[: sample.rfind(b"\n") + 1] if len(data) > SAMPLE and b"\n" in sample else sample
    runs = _high_run.findall(sample)
    high = b"".join(runs)
    return next((page for page, fits in _PAGES if fits(sample, runs, high)), Page("cp1252", "Windows-1252"))


def _share(pattern: re.Pattern[bytes], high: bytes, width: int = 1) -> float:
    return width * len(pattern.findall(high)) / max(1, len(high))


def _is_thai(_sample: bytes, runs: list[bytes], high: bytes) -> bool:
    long = len(high) >= THAI_RUN * len(runs)
    return long and _share(_thai, high) > 0.95 and _share(_thai_commonest, high) > 0.45


def _is_mac(_sample: bytes, _runs: list[bytes], high: bytes) -> bool:
    return high.count(_MAC_BLANK) * 2 > len(high)


def _is_russian(_sample: bytes, runs: list[bytes], high: bytes) -> bool:
    long = len(high) >= 3 * len(runs)
    return long and _share(_cyrillic_small, high) > 0.7 and _share(_cyrillic_commonest, high) > 0.2


def _is_chinese(_sample: bytes, runs: list[bytes], _high: bytes) -> bool:
    even = sum(1 for run in runs if len(run) % 2 == 0)
    return even >= 0.9 * len(runs) and _share(_common_hanzi, b" ".join(runs), 2) > 0.7


def _is_turkish(_sample: bytes, _runs: list[bytes], high: bytes) -> bool:
    return _share(_turkish, high) > 0.2


def _holds(codec: str, letters: re.Pattern[str], least: float) -> Callable[[bytes, list[bytes], bytes], bool]:
    def fits(sample: bytes, _runs: list[bytes], _high: bytes) -> bool:
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            return False
        return len(letters.findall(text)) > max(1, least * len(_wide.findall(text)))

    return fits


_PAGES: tuple[tuple[Page, Callable[[bytes, list[bytes], bytes], bool]], ...] = (
    (Page("cp932", "Shift-JIS"), _holds("cp932", _kana, 0.15)),
    (Page("euc_jp", "EUC-JP"), _holds("euc_jp", _kana, 0.15)),
    (Page("cp1251", "Windows-1251"), _is_russian),
    (Page("cp874", "Windows-874"), _is_thai),
    (Page("cp949", "EUC-KR"), _holds("cp949", _hangul, 0.7)),
    (Page("gb18030", "GB 18030"), _is_chinese),
    (Page("mac_roman", "Mac Roman"), _is_mac),
    (Page("cp1254", "Windows-1254"), _is_turkish),
)
