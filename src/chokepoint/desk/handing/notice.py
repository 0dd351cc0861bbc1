"""Erasures that reach recipients: notices made here, and those that came with a package applied."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from chokepoint.desk.keeping.erase import Erased, check_hold, entomb, erase, finish, look
from chokepoint.desk.reason import LONGEST
from chokepoint.model.errors import NotFoundError
from chokepoint.package.manifest import ENVELOPE, MANIFEST
from chokepoint.package.notice import VERSION, Notice, commitment, meant, read_notice, write_notice
from chokepoint.package.verify import signed_manifest
from chokepoint.store.erasures import Erasure, entity_digest, holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity
    from chokepoint.store.erasing import Found


_taken_in = text(
    "SELECT c.seq FROM claims c JOIN provenances p ON p.number = c.provenance"
    " JOIN captures k ON k.seq = p.capture WHERE c.seq IN :seqs AND k.sha256 IN :came"
).bindparams(bindparam("seqs", expanding=True), bindparam("came", expanding=True))


def notice_of(atlas: Atlas, entity: Entity, *, basis: str) -> bytes:
    """A signed notice that an entity is being erased; to be made before it is.

    Raises:
        RefusedError: the viewer does not keep the log.
        NotFoundError: nothing is held.
    """
    found = look(atlas, entity)
    organisation, salt = atlas.viewer.organisation, secrets.token_hex(32)
    notice = Notice(
        v=VERSION,
        atlas=atlas.id,
        organisation=organisation,
        at=atlas.clock(),
        basis=basis,
        records=tuple(sorted(name.hex() for name in found.records.values())),
        salt=salt,
        commitment=commitment(salt, entity),
    )
    return write_notice(
        notice, atlas.keys.public(organisation), lambda message: atlas.keys.sign(organisation, message)
    )


def apply(atlas: Atlas, data: bytes, files: Mapping[str, bytes]) -> tuple[Entity, Erased]:
    """Erase here what came with a package and was erased at its sender's.

    What this atlas holds of it from elsewhere stays; where all came with the package, everything goes.

    Args:
        atlas: of the recipient who keeps its log.
        data: the notice.
        files: of the package, bytes by relative name.

    Raises:
        LedgerError: the notice is not by the package's maker, or something is altered.
        NotFoundError: the package or this atlas holds nothing of it.
        RefusedError: a legal hold, or the viewer does not keep the log.
    """
    manifest = signed_manifest(files)
    notice = read_notice(data, manifest)
    entity = meant(notice, manifest)
    name = entity_digest(atlas.secret, entity)
    with atlas.engine.connect() as connection:
        check_hold(holds(connection).get(name))
    found = look(atlas, entity)
    came = {sha256(files[name]).hexdigest() for name in (MANIFEST, ENVELOPE)}
    came |= {one.sha256 for one in manifest.files}  # not what only lies beside them
    came |= {one.sha256 for one in manifest.captures}
    reason = f"erased by {notice.organisation} on {notice.at[:10]}, whose package held it"
    if found.captures <= came:
        return entity, erase(atlas, entity, reason=reason, basis=notice.basis[:LONGEST])
    return entity, _erase_part(atlas, (name, found), came, (reason, notice.basis[:LONGEST]))


def _erase_part(atlas: Atlas, whom: tuple[str, Found], came: set[str], words: tuple[str, str]) -> Erased:
    """Erase the claims of somebody that stand in captures of a package, and these captures."""
    name, found = whom
    with atlas.engine.connect() as connection:
        rows = connection.execute(_taken_in, {"seqs": sorted(found.records), "came": sorted(came)})
        gone = sorted(found.records[int(row[0])].hex() for row in rows)
    if not gone:
        raise NotFoundError("nothing held about it came with the package", mend="nothing is to be done")
    pairs = tuple(
        (capture, atlas.vault.redacted(capture, found.words))
        for capture in sorted(found.captures & came)
        if atlas.vault.has(capture)
    )
    reason, basis = words
    erasure = Erasure(basis=basis, captures=pairs, entity="", reason=reason, records=tuple(gone))
    entomb(atlas, erasure, unless_held=name)
    untold = finish(atlas)
    redacted = sum(bool(derivative) for _, derivative in pairs)
    return Erased(
        records=len(gone),
        redacted=redacted,
        removed=len(pairs) - redacted,
        short=not found.sought,
        untold=untold,
    )
