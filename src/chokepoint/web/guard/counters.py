"""How much this process has answered: pages by their name, never what was asked of them."""

from __future__ import annotations

from collections import Counter
from threading import Lock

HEAD = (
    ("requests_total", "counter", "Requests answered, by page and class of status."),
    ("request_seconds_total", "counter", "Seconds until their answers began, by page and class of status."),
    ("sessions", "gauge", "Browsers that are signed in."),
)


class Counters:
    """Sums since this process began; shared by its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._seconds: dict[tuple[str, str], float] = {}

    def answered(self, page: str, status: int, seconds: float) -> None:
        """Count an answer.

        Args:
            page: template of its address, without what it was asked for; empty where there is none.
            status: of HTTP.
            seconds: until it began.
        """
        which = (page or "none", f"{status // 100}xx")
        with self._lock:
            self._answers[which] += 1
            self._seconds[which] = self._seconds.get(which, 0.0) + seconds

    def text(self, sessions: int, process: int) -> str:
        """All of it as Prometheus reads it (text format 0.0.4).

        Args:
            sessions: that are on.
            process: of how many this is one: each has its own sums, and a reader adds them up.
        """
        with self._lock:
            answers, seconds = sorted(self._answers.items()), dict(self._seconds)
        lines: dict[str, list[str]] = {"sessions": [f"chokepoint_sessions {sessions}"]}
        for (page, status), count in answers:
            labels = f'{{page="{_escaped(page)}",status="{status}",process="{process}"}}'
            lines.setdefault("requests_total", []).append(f"chokepoint_requests_total{labels} {count}")
            spent = f"chokepoint_request_seconds_total{labels} {seconds[page, status]:.6f}"
            lines.setdefault("request_seconds_total", []).append(spent)
        made: list[str] = []
        for name, kind, meaning in HEAD:
            made += [f"# HELP chokepoint_{name} {meaning}", f"# TYPE chokepoint_{name} {kind}"]
            made += lines.get(name, [])
        return "\n".join(made) + "\n"


def _escaped(page: str) -> str:
    return page.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
