"""Pages of the web desk under load: milliseconds a page at p50 and p95, pages a second, errors, the server's CPU time.

    python benchmarks/web/pages.py ATLAS [--users 100] [--seconds 20] [--workers 2]

It starts `chokepoint serve` on the atlas, signs in by its link, and lets so many people read at once, each the
next page as soon as the last has come. Compare runs on a quiet machine alone: with others on its processors
the milliseconds are theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import random
import resource
import subprocess
import sys
import time

import httpx

PAGES = [
    "/",
    "/check",
    "/search?q=lazarus",
    "/search?q=wallet",
    "/entity?of=group:lazarus%20group",
    "/entity?of=malware:trickbot",
]


async def reader(client, times, errors, end):
    """Somebody who reads without a pause."""
    while time.monotonic() < end:
        page = random.choice(PAGES)  # noqa: S311 - which page is no secret
        began = time.monotonic()
        try:
            answer = await client.get(page)
        except httpx.HTTPError as error:
            errors[type(error).__name__] += 1
            continue
        times[page].append(1000 * (time.monotonic() - began))
        if answer.status_code not in {200, 404}:
            errors[answer.status_code] += 1


async def measure(base, link, users, seconds):
    """Milliseconds by page, and errors by name."""
    times, errors = collections.defaultdict(list), collections.Counter()
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
        await client.get(link)
        for page in PAGES:
            await client.get(page)
        end = time.monotonic() + seconds
        await asyncio.gather(*(reader(client, times, errors, end) for _ in range(users)))
    return times, errors


def main():
    """Start the desk, measure, and print the table."""
    words = argparse.ArgumentParser()
    words.add_argument("atlas")
    words.add_argument("--users", type=int, default=100)
    words.add_argument("--seconds", type=float, default=20)
    words.add_argument("--workers", default="2")
    words.add_argument("--port", default="8799")
    asked = words.parse_args()
    command = [sys.executable, "-m", "chokepoint.cli.main", "--atlas", asked.atlas, "serve", "--json"]
    command += ["--port", asked.port, "--workers", asked.workers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        ready = json.loads(server.stdout.readline())
        time.sleep(5)
        times, errors = asyncio.run(measure(ready["address"], ready["link"], asked.users, asked.seconds))
        server.terminate()
    for page, all_of in sorted(times.items()):
        all_of.sort()
        middle, late = all_of[len(all_of) // 2], all_of[int(len(all_of) * 0.95)]
        print(f"{page:40} n={len(all_of):5} p50={middle:7.0f} ms p95={late:7.0f} ms")
    count = sum(map(len, times.values()))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(
        f"{count / asked.seconds:.1f} pages/s, {1000 * cpu / max(1, count):.0f} ms CPU a page, errors {dict(errors)}"
    )


if __name__ == "__main__":
    main()
