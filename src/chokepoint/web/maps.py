"""What `web/ahead` starts: it makes maps anew as things come in, and answers nobody."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from chokepoint.web.serve import office_here
from chokepoint.web.warm import Warmth

if TYPE_CHECKING:
    from typing import BinaryIO


def end_with(given: BinaryIO) -> None:
    """End this process when its input ends: whoever started it is gone then."""
    given.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Make maps of the desk that the environment names."""
    threading.Thread(target=end_with, args=(sys.stdin.buffer,), name="input", daemon=True).start()
    Warmth(office_here(), answers=False).run()


if __name__ == "__main__":
    main()
