"""What no other collector knows: text gives the indicators it holds, anything else is named and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Item, Rejected
from chokepoint.collect.decoding import decode, is_data, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.collect.tree import read_json, read_yaml
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.said import Said, advised

if TYPE_CHECKING:
    from collections.abc import Iterator

YAML_NAMES = (".yaml", ".yml")
MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"MZ", 0, "a Windows program (application/vnd.microsoft.portable-executable)"),
    (b"\x7fELF", 0, "a Linux program (application/x-elf)"),
    (b"\xcf\xfa\xed\xfe", 0, "a macOS program (application/x-mach-binary)"),
    (b"\x89PNG", 0, "a picture (image/png)"),
    (b"\xff\xd8\xff", 0, "a picture (image/jpeg)"),
    (b"GIF8", 0, "a picture (image/gif)"),
    (b"RIFF", 0, "sound or pictures (RIFF)"),
    (b"ftyp", 4, "a film (video/mp4)"),
    (b"ID3", 0, "sound (audio/mpeg)"),
    (b"OggS", 0, "sound or film (application/ogg)"),
    (b"SQLite format 3\x00", 0, "a database (application/vnd.sqlite3)"),
    (b"PAR1", 0, "a table (application/vnd.apache.parquet)"),
    (b"7z\xbc\xaf\x27\x1c", 0, "an archive (application/x-7z-compressed)"),
    (b"Rar!", 0, "an archive (application/vnd.rar)"),
    (b"\x28\xb5\x2f\xfd", 0, "a packed file (application/zstd)"),
    (b"\xd0\xcf\x11\xe0", 0, "an old Office document (application/x-ole-storage)"),
    (b"PK\x03\x04", 0, "an Office document or package (application/zip)"),
    (b"\xd4\xc3\xb2\xa1", 0, "a network capture (application/vnd.tcpdump.pcap)"),
    (b"\x0a\x0d\x0d\x0a", 0, "a network capture (application/x-pcapng)"),
    (b"PGDMP", 0, "a database dump (PostgreSQL)"),
)


def guessed(data: bytes) -> str:
    """What bytes that are no text most likely are, in words with the media type."""
    if data.startswith(b"\xd0\xcf\x11\xe0") and "__substg1.0_".encode("utf-16-le") in data:
        return "an Outlook message (application/vnd.ms-outlook); save it as .eml"
    found = next((name for mark, at, name in MAGIC if data[at : at + len(mark)] == mark), "")
    return found or "data of an unknown kind (application/octet-stream)"


def _no_tree(document: Document, text: str) -> Iterator[Rejected]:
    """Why a file named or written as JSON or YAML cannot be read as such, where that is so."""
    named = document.name.lower()
    try:
        if named.endswith(".json") or is_data(document.head):
            read_json(document.data)
        elif named.endswith(YAML_NAMES):
            read_yaml(text)
    except TooLargeError as error:
        yield _read_as_text(error)
    except BadInputError as error:
        if named.endswith((".json", *YAML_NAMES)):
            yield _read_as_text(error)


def _read_as_text(error: BadInputError) -> Rejected:
    why, mend = error.said
    return Rejected(error.place or "line 1", advised(Said("{why}: read as plain text", why=why), mend))


class Fallback:
    """Collector of last resort; recognises everything."""

    name = "text"

    def recognises(self, document: Document) -> bool:
        """Whatever holds a byte; empty files never get here."""
        return bool(document.data)

    def read(self, document: Document) -> Iterator[Item]:
        """Indicators are mentioned in the file; nothing is said of what they mean."""
        if not is_text(document):
            yield Rejected(
                "byte 0",
                advised(
                    Said("not text but {what}: kept as a capture, not read", what=guessed(document.head)),
                    "save it as text, CSV or PDF",
                ),
            )
            return
        text, broken = decode(document)
        yield from broken
        yield from _no_tree(document, text)
        what = About(subject=None, title=document.name, provenance=provenance(document))
        yield from with_derived(said(text, what, lambda number, _raw: f"line {number}"))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())
