"""Reading processes that end before their time; a module of its own, so that a fresh process finds it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chokepoint.desk.gather.parse import Parser, Task
from chokepoint.model.errors import BadInputError
from chokepoint.store.schema import open_engine
from chokepoint.store.vault import Vault

if TYPE_CHECKING:
    from ctypes import Array, c_char
    from multiprocessing.connection import Connection


def dies_after_one_batch(task: Task, place: str, out: Connection, at: Array[c_char]) -> None:
    """Sends the first batch and is then gone without a word."""
    vault = Vault(open_engine(place))
    out.send(next(iter(Parser(task, vault.put).batches())))
    at.value = "papers/bomb.pdf ไทย".encode()
    os._exit(9)


def refuses(task: Task, place: str, out: Connection, at: Array[c_char]) -> None:
    """Ends with an error of the family."""
    del task, place, at
    out.send(BadInputError("the disk is gone", place="/data", mend="plug it in"))
