"""The ledger: its newest checkpoint, and proofs that the reader's own browser checks."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import MediaType, Response

from chokepoint.desk.keeping.checkpoint import issue, prove, request
from chokepoint.desk.resolve import claim_ids
from chokepoint.model.errors import ChokepointError, NotFoundError
from chokepoint.proof.checkpoint import Checkpoint, read_checkpoint
from chokepoint.web.guard.headers import UNKEPT
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here

DIGITS = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """What the log says of itself.

    Attributes:
        checkpoint: size and tree head.
        note: the checkpoint as it is signed.
        key: under which it holds, as a verifier key.
        signed: by whom.
        record: the one that is asked about, or empty.
    """

    checkpoint: Checkpoint
    note: str
    key: str
    signed: tuple[str, ...]
    record: str


@read("/ledger")
def ledger(seat: Here, record: FromQuery[str] = "") -> Response[str]:
    """The newest checkpoint, and where to have a record proved."""
    note, key = issue(seat.atlas)
    page = LedgerPage(
        checkpoint=read_checkpoint(note.text),
        note=note.encode().decode(),
        key=key.vkey,
        signed=tuple(one.name for one in note.signatures),
        record=record[:64],
    )
    return seat.page("ledger.html", page)


@read("/ledger/proof")
def proof(seat: Here, record: FromQuery[str]) -> Response[bytes]:
    """A record's proof (C2SP tlog-proof), for the browser or for a file.

    Raises:
        NotFoundError: there is no such record, or none that the viewer sees.
        RefusedError: the viewer's organisation is still to vote on it.
    """
    return _text(prove(seat.atlas, _whole(seat, record.strip()[:64])).encode(), "record.tlog-proof")


@read("/ledger/growth")
def growth(seat: Here, since: FromQuery[str]) -> Response[bytes]:
    """That the log was only appended to since it had so many records (the body of C2SP add-checkpoint).

    Raises:
        NotFoundError: it never had so many.
    """
    try:
        return _text(request(seat.atlas, since[:DIGITS]).encode(), "growth.txt")
    except ChokepointError as error:
        raise NotFoundError("the log never had so many records") from error


def _whole(seat: Here, record: FromQuery[str]) -> str:
    """The whole id of a claim of which the beginning is given; any other id as it is."""
    if len(record) == 64:
        return record
    return claim_ids(seat.atlas, [record])[0]


def _text(data: bytes, name: str) -> Response[bytes]:
    return Response(
        data,
        media_type=MediaType.TEXT,
        headers={"cache-control": UNKEPT, "content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = (ledger, proof, growth)
