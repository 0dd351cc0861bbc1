"""A package as one file that a browser can take and give: a zip, read within limits."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from chokepoint.desk.handing.publish import MARK
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.said import Said
from chokepoint.values.zips import BROKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 10_000
LARGEST = 128 * 1024 * 1024
"""Bytes of all files of a package together."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files of a package as a zip; the same files give the same bytes.

    Args:
        files: bytes by relative name.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a zipped package by relative name; one folder around all of them is taken off.

    Raises:
        BadInputError: no zip, a damaged or encrypted one, or one without a package in it.
        TooLargeError: more files or bytes than a package has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _read(archive)
    except BROKEN as error:
        raise BadInputError("no zip that can be read", mend="zip the folder of the package") from error
    around = {name.partition("/")[0] + "/" for name in files}
    if MARK not in files and len(around) == 1:
        [folder] = around
        files = {name.removeprefix(folder): content for name, content in files.items()}
    if MARK not in files:
        raise BadInputError("no package in it", mend=Said("zip the folder that holds {mark}", mark=MARK))
    return files


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MOST:
        raise TooLargeError(
            Said("{members:,} files", members=len(members)),
            mend=Said("a package has at most {most:,}", most=MOST),
        )
    files: dict[str, bytes] = {}
    left = LARGEST
    for one in members:
        with archive.open(one) as member:
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            raise TooLargeError(
                Said("more than {what} MB", what=LARGEST // 2**20), mend="verify it on the command line"
            )
        if one.filename in files:
            raise BadInputError("a name twice in it", place=one.filename[:200], mend="zip the folder anew")
        files[one.filename] = content
    return files
