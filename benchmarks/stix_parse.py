"""How fast the STIX collector reads beside `stix2.parse`, on the same bundles in one run.

    python benchmarks/stix_parse.py [CORPUS]

CPU seconds, the garbage collector at rest on both sides, as `collect` reads.
The library goes from bytes to objects, whose patterns are not yet read; ours goes from bytes to objects whose
patterns are read to identifiers, and then to claims. The identifiers that both find are compared afterwards,
untimed: for the library, its parsed indicators go through the stix2-patterns grammar, one by one.
"""

from __future__ import annotations

import gzip
import sys
import tarfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from chokepoint.collect import taking
from chokepoint.collect.base import Document
from chokepoint.collect.stix2 import Stix2, observables, patterns
from chokepoint.desk.gather.sweep import unhurried
from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/corpus"
FOUND_BY = {"indicates", "compromised-by", "legitimate"}


def documents(corpus: Path) -> Iterator[Document]:
    for path in sorted((corpus / "unit42-iocs/stix2").iterdir()):
        data = path.read_bytes()
        yield Document(path=path.name, data=gzip.decompress(data) if path.suffix == ".gz" else data)
    with tarfile.open(corpus / "mitre-cti/enterprise-actors-software.stix20.tar.gz") as archive:
        for member in archive:
            handle = archive.extractfile(member) if member.isfile() else None
            if handle is not None:
                yield Document(path=member.name, data=handle.read())


def forget() -> None:
    """Nothing that an earlier run has remembered may help the next."""
    patterns.comparisons.cache_clear()
    taking.named.cache_clear()
    taking.span.cache_clear()


def ours(given: list[Document]) -> tuple[float, list[Claim]]:
    forget()
    collector, start = Stix2(), time.process_time()
    claims = [item for document in given for item in collector.read(document) if isinstance(item, Claim)]
    claims += [item for _, item in collector.finish() if isinstance(item, Claim)]
    return time.process_time() - start, claims


def parsed(given: list[Document]) -> float:
    forget()
    collector, start = Stix2(), time.process_time()
    for document in given:
        collector.parse(document)
    return time.process_time() - start


def library(given: list[Document]) -> tuple[float, list[str]]:
    import stix2  # noqa: PLC0415 - its import is not what is measured

    found: list[str] = []
    start = time.process_time()
    for document in given:
        bundle = stix2.parse(document.data.decode(), allow_custom=True)
        found += [thing["pattern"] for thing in bundle.objects if thing["type"] == "indicator"]
    return time.process_time() - start, found


def by_grammar(found: list[str]) -> set[Entity]:
    entities = set()
    for pattern in set(found):
        for test in patterns._by_library(pattern):  # noqa: SLF001 - the slow path is the oracle of the fast one
            for value in test.values if test.positive else ():
                entity = observables.from_pattern(test.sort, test.path, value)
                if isinstance(entity, Entity):
                    entities.add(entity)
    return entities


def main() -> int:
    warnings.simplefilter("ignore")
    given = list(documents(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS))
    with unhurried() as sweep:
        ready = min(parsed(given) for _ in range(5))
        sweep()
        quick, claims = min((ours(given) for _ in range(5)), key=lambda run: run[0])
        sweep()
        library(given[:1])
        slow, indicators = library(given)
    read = {claim.subject for claim in claims if claim.property in FOUND_BY}
    expected = by_grammar(indicators)
    print(
        f"files {len(given)}, bytes {sum(len(one.data) for one in given):,}, indicators {len(indicators):,}"
    )
    print(
        f"identifiers: ours {len(read):,}, by stix2 and grammar {len(expected):,}, equal: {read == expected}"
    )
    print(f"stix2.parse, bytes to objects                        {slow:7.3f} s")
    print(
        f"ours, bytes to objects, patterns as identifiers      {ready:7.3f} s {slow / ready:6.1f}x (aim 20x)"
    )
    print(
        f"ours, bytes to claims ({len(claims):,})                       {quick:7.3f} s {slow / quick:6.1f}x"
    )
    return 0 if read == expected and slow >= 20 * ready else 1


if __name__ == "__main__":
    sys.exit(main())
