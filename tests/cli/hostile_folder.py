"""A folder of everything that is wrong with files, each with a site of its own to tell what was taken."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

from books import pdf, sheet, spread, workbook

if TYPE_CHECKING:
    from pathlib import Path


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of names and bytes; names may repeat."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two members of one name are the point
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def nested(depth: int, text: bytes) -> bytes:
    """A text in a zip in a zip."""
    data, name = text, "in.txt"
    for level in range(depth):
        data, name = zipped((name, data)), f"{level}.zip"
    return data


def encrypted() -> bytes:
    """A zip of which the second member says that it is encrypted."""
    data = bytearray(zipped(("plain.txt", b"evil-plain.com\n"), ("secret.txt", b"evil-secret.com\n")))
    data[data.index(b"secret.txt") - 30 + 6] |= 1
    data[data.rindex(b"secret.txt") - 46 + 8] |= 1
    return bytes(data)


def tar(*members: tuple[str, bytes]) -> bytes:
    """A tar with files, a link out, a fifo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link, pipe = tarfile.TarInfo("link"), tarfile.TarInfo("pipe")
        link.type, link.linkname, pipe.type = tarfile.SYMTYPE, "/etc/passwd", tarfile.FIFOTYPE
        archive.addfile(link)
        archive.addfile(pipe)
    return out.getvalue()


LOL = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
PACKED = gzip.compress(b"evil-cut.com\n" + os.urandom(3_000).hex().encode())

FILES: dict[str, bytes] = {
    "good.txt": b"evil-good.com is a phishing site\n",
    "yaml/malformed.yaml": b"- url: evil-yaml.com\n- url: 'unclosed\n  x: [1, 2\n",
    "yaml/bomb.yaml": (
        "a: &a [evil-alias.com, lol]\n"
        + "".join(
            f"{x}: &{x} [{','.join(['*' + y] * 9)}]\n" for y, x in zip("abcdefgh", "bcdefghi", strict=True)
        )
    ).encode(),
    "yaml/deep.yaml": b"[" * 10_000 + b"evil-deepyaml.com" + b"]" * 10_000,
    "yaml/code.yaml": b"!!python/object/apply:os.system ['touch PWNED']\n- evil-code.com\n",
    "json/deep.json": b"[" * 10_000 + b'"evil-deepjson.com"' + b"]" * 10_000,
    "json/deep-object.json": b'{"a":' * 10_000 + b'"evil-deepobject.com"' + b"}" * 10_000,
    "json/nan.json": b'[{"url": "http://evil-nan.com/a", "score": NaN, "x": -Infinity}]',
    "json/twice.json": b'{"url" : "evil-once.com", "url" : "evil-twice.com"}',
    "json/surrogate.json": b'{"url": "evil-surrogate.com", "name": "\\ud800"}',
    "json/cut.json": b'{"url": "evil-cutjson.com", "list": ["evil-cutlist.com", ',
    "packed/cut.txt.gz": PACKED[:-900],
    "packed/no-checksum.txt.gz": gzip.compress(b"evil-nochecksum.com\n" * 5)[:-4],
    "packed/more.txt.gz": gzip.compress(b"evil-more.com\n") + b"and more",
    "packed/bomb.zip": zipped(
        ("ok.txt", b"evil-before.com\n"),
        ("bomb.txt", b"evil\n" * 3_000_000),
        ("after.txt", b"evil-after.com\n"),
    ),
    "packed/deep.zip": nested(4, b"evil-depth4.com\n"),
    "packed/three.zip": nested(3, b"evil-depth3.com\n"),
    "packed/names.zip": zipped(
        ("same.txt", b"evil-same1.com\n"),
        ("same.txt", b"evil-same2.com\n"),
        ("../../up.txt", b"evil-up.com\n"),
        ("/etc/abs.txt", b"evil-abs.com\n"),
        ("$(touch PWNED);`id`.txt", b"evil-shell.com\n"),
        ("new\nline.txt", b"evil-newline.com\n"),
        ("rtl\u202etxt.exe", b"evil-rtl.com\n"),
    ),
    "packed/encrypted.zip": encrypted(),
    "packed/cut.zip": zipped(("a.txt", b"evil-cutzip.com\n"))[:-30],
    "packed/all.tar.gz": gzip.compress(
        tar(("d/x.zip", nested(1, b"evil-gztarzip.com\n")), ("../up.txt", b"evil-tarup.com\n"))
    ),
    "encoded/utf16le.txt": "site evil-le.com เว็บ\n".encode("utf-16-le"),
    "encoded/utf16be.txt": "site evil-be.com เว็บ\n".encode("utf-16-be"),
    "encoded/utf16-bom.txt": "site evil-bom.com เว็บ\n".encode("utf-16"),
    "encoded/utf16-odd.txt": "site evil-odd.com เว็บ\n".encode("utf-16") + b"x",
    "encoded/broken.txt": "เว็บ\nไทย\nดี\n".encode() + b"evil-\xff.com\nevil-whole.com\n",
    "encoded/nuls.txt": b"evil-nul1.com\n\x00\x00evil-nul2.com\x00\nevil-nul3.com\n",
    "encoded/sjis.txt": "詐欺サイト evil-sjis.com に注意\n".encode("shift-jis"),
    "xml/lol.xml": (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LOL}]>'
        '<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1">&l9;</stix:STIX_Package>'
    ).encode(),
    "xml/outside.xml": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b'<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1">&e;</stix:STIX_Package>'
    ),
    "table/ragged.csv": (
        b"domain,first seen,note\nevil-r1.com,2020-01-01,a\nevil-r2.com\n"
        b"evil-r3.com,2020-01-03,b,c,d\nevil-r4.com,2020-01-04,x\n,,\n"
    ),
    "table/quote.csv": b'domain,note\nevil-q1.com,fine\nevil-q2.com,"never closed\nevil-q3.com,b\n',
    "table/mixed.csv": b"domain;ip,type\nevil-m1.com;1.2.3.4,scam\nevil-m2.com\t5.6.7.8\tscam\n",
    "table/twice.csv": b"domain,domain,note,note\nevil-t1.com,evil-t2.com,x,y\nevil-t3.com,evil-t4.com,z,w\n",
    "table/nuls.csv": b"domain,category\nevil-n1.com,scam\nevil-n2.com,sc\x00am\n",
    "table/label.csv": b"domain,tlp\nevil-green.com,GREEN\nevil-purple.com,PURPLE\nevil-red.com,TLP:RED\n",
    "table/huge-cell.csv": b'domain,note\nevil-h1.com,"' + b"z" * 300_000 + b'"\nevil-h2.com,b\n',
    "table/header-only.csv": b"domain,category\n",
    "table/formula.xlsx": workbook(
        ("S", sheet([["Report", ""], ["domain", "note"], ["evil-f1.com", ("1+1", "2")]], merged=["A1:B1"]))
    ),
    "table/far.xlsx": workbook(("S", spread(("A1", "domain"), ("A2", "evil-far.com"), ("XFD1048576", "x")))),
    "table/cut.xlsx": workbook(("S", sheet([["domain"], ["evil-cutbook.com"]])))[:400],
    "paper/scan.pdf": pdf([]),
    "paper/half.pdf": pdf(["The site evil-page1.com is fake"], []),
    "paper/broken.pdf": b"%PDF-1.4\nbroken",
    "data/program.exe": b"MZ" + bytes(range(256)) * 20,
    "data/old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "empty.txt": b"",
    "blank.txt": b" \n\n\t\n",
    "names/$(touch PWNED)`id`;&|.txt": b"evil-shellname.com\n",
    "names/new\nline.txt": b"evil-linename.com\n",
    "names/rtl\u202egnp.txt": b"evil-rtlname.com\n",
    "names/-rf": b"evil-dash.com\n",
    "names/\x1b[31mred.txt": b"evil-escape.com\n",
}


def build(folder: Path, outside: Path) -> Path:
    """Write all of it, with links out, in circles and to nothing, a pipe, and a sparse file of 2 GB."""
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    outside.mkdir()
    (outside / "secret.txt").write_text("evil-outside.com\n")
    (folder / "links").mkdir()
    (folder / "links/real.txt").write_text("evil-real.com\n")
    for name, target in (
        ("file", outside / "secret.txt"),
        ("folder", outside),
        ("circle", folder),
        ("inside", folder / "links/real.txt"),
        ("nothing", folder / "nowhere"),
    ):
        (folder / "links" / name).symlink_to(target)
    os.mkfifo(folder / "pipe")
    (folder / "no-files").mkdir()
    with (folder / "sparse.txt").open("wb") as sparse:
        sparse.truncate(2 << 30)
    return folder
