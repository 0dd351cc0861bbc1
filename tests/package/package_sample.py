"""A small atlas in memory, sealed by the store's own code, from which the tests make packages.

The package room checks records with code of its own; that the store makes them here keeps the two honest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chokepoint.model.claim import Claim, Interval, Nature, Provenance, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.source import parse_grading
from chokepoint.package.build import Request
from chokepoint.package.choose import Audience
from chokepoint.package.findings import (
    CountryCount,
    Curve,
    Edge,
    Event,
    Finding,
    FindingKind,
    Hop,
    Line,
    Node,
    Picture,
    PlanRow,
    Route,
    SourceLine,
    Summary,
)
from chokepoint.package.parts import Batch, CastVote, PackageCapture, PackageClaim, PackageRecord
from chokepoint.package.privacy import Minimised
from chokepoint.proof import merkle
from chokepoint.proof.signature import batch_message
from chokepoint.store.base import claim_row
from chokepoint.store.canonical import frame, record_id
from chokepoint.store.ledger import GENESIS

DATA = Path(__file__).parent.parent / "data" / "package"
ATLAS = "0f" * 16
KEY = bytes(range(32))
KEYED = Minimised(key=KEY)
"""Nobody is minimised; who may not be named has a pseudonym under a key that every test knows."""
WHEN = "2024-05-01T09:30:00Z"
SAMSAM = Entity("malware", "samsam")
PAGE = Entity("url", "http://union83939k.wordpress.com/")
FILE = Entity("file", "sha256:7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044")
WALLET = Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
RYUK = Entity("malware", "ryuk")
RYUK_WALLET = Entity("crypto-address", "14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk")
RYUK_MAIL = Entity("email-addr", "wayneevenson@protonmail.com")
TESLA = Entity("domain-name", "teslagive.net")
TESLA_WALLET = Entity("crypto-address", "13LP98C3QKthrCdz81qGWuCr9fpCvsdh5A")
CAMPAIGN = Entity("campaign", "cryptdesignbot")
VOTES = (
    CastVote("Bank of Examples", "confirm", "found again in an independent origin", simulated=True),
    CastVote("CERT Example", "confirm", "found again in an independent origin", simulated=True),
)


def key(organisation: str) -> Ed25519PrivateKey:
    """A key that is the same in every run; for tests only."""
    return Ed25519PrivateKey.from_private_bytes(sha256(f"test key of {organisation}".encode()).digest())


def public(organisation: str) -> bytes:
    return key(organisation).public_key().public_bytes_raw()


def captures() -> dict[str, PackageCapture]:
    kinds = {"samsa.csv": "text/csv", "infoblox.json": "application/json", "ryuk.txt": "text/plain"}
    made = {}
    for name in ("cryptoscamdb.yaml", "infoblox.json", "ransomwhere.yaml", "ryuk.txt", "samsa.csv"):
        data = (DATA / name).read_bytes()
        digest = sha256(data).hexdigest()
        made[digest] = PackageCapture(
            sha256=digest, media_type=kinds.get(name, "application/yaml"), path=name, data=data
        )
    return made


def capture_of(name: str) -> str:
    return sha256((DATA / name).read_bytes()).hexdigest()


def said(
    subject: Entity,
    name: str,
    thing: Entity | str,
    where: tuple[str, str],
    *,
    origin: str = "Unit 42",
    grade: str = "B2",
    observed: Interval | None = None,
    marking: Marking = CLEAR,
    raw: str = "",
) -> Claim:
    provenance = Provenance(
        capture=capture_of(where[0]), origin=origin, grading=parse_grading(grade), marking=marking
    )
    return Claim(subject, name, thing, where[1], provenance, observed, Nature.FACT, raw)


def facts() -> list[Claim]:
    """Chains 1, 2 and 6 of the corpus, and an attribute."""
    seen = on_day("2016-01-01")
    return [
        said(FILE, "requests-payment-to", WALLET, ("samsa.csv", "row 2"), observed=seen),
        said(FILE, "contact", PAGE, ("samsa.csv", "row 2"), observed=seen),
        said(FILE, "indicates", SAMSAM, ("samsa.csv", "row 2"), observed=seen),
        said(WALLET, "amount", "1.99992909", ("samsa.csv", "row 2"), observed=seen),
        said(SAMSAM, "requests-payment-to", WALLET, ("ransomwhere.yaml", "lines 9-11"), origin="Ransomwhere"),
        said(RYUK, "requests-payment-to", RYUK_WALLET, ("ransomwhere.yaml", "/tags/1"), origin="Ransomwhere"),
        said(
            RYUK, "requests-payment-to", RYUK_WALLET, ("ryuk.txt", "line 22"), origin="ThreatLabz", raw="Ryuk"
        ),
        said(
            RYUK,
            "contact",
            RYUK_MAIL,
            ("ryuk.txt", "line 17"),
            origin="ThreatLabz",
            observed=on_day("2018-08-13"),
        ),
        said(
            TESLA,
            "requests-payment-to",
            TESLA_WALLET,
            ("cryptoscamdb.yaml", "lines 1-11"),
            origin="CryptoScamDB",
            grade="C3",
            observed=Interval("2020-01-01", "2021-01-01", "year"),
        ),
        said(
            CAMPAIGN,
            "uses",
            TESLA,
            ("infoblox.json", "/Event/Attribute/2"),
            origin="Infoblox",
            observed=on_day("2023-01-08"),
        ),
    ]


BELIEFS = (0.93, 0.9, 0.97, 0.85, 0.98, 0.99, 0.995, 0.9, 0.82, 0.95)


@dataclass(frozen=True)
class Sealed:
    """Claims with their records."""

    claims: tuple[PackageClaim, ...]
    records: dict[str, PackageRecord]


def seal(facts: list[Claim], organisation: str = "Example Police", salt: bytes = b"s") -> Sealed:
    """The claims as one signed batch of the ledger, salts derived so that tests can repeat it."""
    bodies = []
    for number, claim in enumerate(facts):
        envelope = {
            "atlas": ATLAS,
            "author": "",
            "kind": "claim/1",
            "marking": claim.provenance.marking.to_form(),
            "organisation": organisation,
            "recorded_at": "2024-04-30T08:00:00.000Z",
        }
        before, after = frame(envelope)
        body = before + claim_row(claim, b"k" * 16).payload + after
        secret = sha256(salt + organisation.encode() + bytes([number])).digest()
        bodies.append((record_id(secret, body), secret, body))
    leaves = [name for name, _, _ in bodies]
    root = merkle.root(leaves)
    signature = key(organisation).sign(batch_message(ATLAS, organisation, (root, GENESIS)))
    batch = Batch(
        organisation=organisation,
        size=len(leaves),
        root=root.hex(),
        previous=GENESIS.hex(),
        signature=signature.hex(),
        public_key=public(organisation).hex(),
    )
    records, claims = {}, []
    for index, (claim, (name, secret, body)) in enumerate(zip(facts, bodies, strict=True)):
        proof = tuple(part.hex() for part in merkle.Tree(leaves).proof(index))
        records[name.hex()] = PackageRecord(
            id=name.hex(), salt=secret.hex(), body=body, batch=batch, index=index, proof=proof
        )
        claims.append(packed(claim, name.hex(), organisation, BELIEFS[index % len(BELIEFS)]))
    return Sealed(tuple(claims), records)


def packed(claim: Claim, record: str, organisation: str, belief: float) -> PackageClaim:
    source = claim.provenance
    return PackageClaim(
        record=record,
        subject=claim.subject,
        property=claim.property,
        object=claim.object,
        place=claim.place,
        capture=source.capture,
        origin=source.origin,
        grading=source.grading.code,
        observed=claim.observed,
        nature=claim.nature,
        marking=source.marking,
        contributor=organisation,
        belief=belief,
        verdict="accepted",
        simulated=True,
        votes=VOTES,
        raw=claim.raw,
    )


def vetted(claims: tuple[PackageClaim, ...]) -> tuple[PackageClaim, ...]:
    """The claims as if people had voted."""
    return tuple(
        replace(claim, simulated=False, votes=tuple(vote._replace(simulated=False) for vote in claim.votes))
        for claim in claims
    )


def finding() -> Finding:
    return Finding(
        title="Ask exchanges to block two ransom wallets; the lures are replaced within days",
        kind=FindingKind.CHOKE_POINT,
        as_of="2024-05-01",
        position="all records up to 1 May 2024, 09:30 UTC",
        code_version="0.1.0",
        parameters=(
            Line("Budget", "4 registrar takedowns"),
            Line("Horizon", "365 days, 4 stages"),
            Line("Worlds", "64 sampled, 64 held out", "seed 2024"),
        ),
        plan=(
            PlanRow(
                target=WALLET,
                mode="cooperation",
                by="exchanges that see deposits from it",
                why="Every known SamSam receipt was paid here; payment fails while a new address spreads.",
                takes_over="A new wallet costs nothing: expect one within a day, unknown until reported.",
                last_seen="2018-11-28",
                lead_days=2,
                down_days=1.5,
                success=0.7,
            ),
            PlanRow(
                target=TESLA,
                mode="takedown",
                by="registrar or registry",
                why="The only lure of this campaign that two sources name independently.",
                takes_over="Three sibling domains of the same campaign stand ready.",
                last_seen="2023-01-08",
                lead_days=3,
                down_days=1,
                success=0.9,
            ),
        ),
        explanation=(
            "Two wallets carry the ransom payments that this map can see; a new address replaces either.",
            "A block at the exchanges takes effect after two days. All else is back within a day.",
        ),
        routes=(
            Route(
                title="From a SamSam sample to the wallet that Ransomwhere knows",
                belief=0.91,
                hops=(
                    Hop(
                        start=FILE,
                        end=WALLET,
                        property="requests-payment-to",
                        origin="Unit 42",
                        source="samsa.csv",
                        place="row 2",
                        belief=0.93,
                        verdict="accepted",
                        observed=on_day("2016-01-01"),
                        simulated=True,
                    ),
                    Hop(
                        start=WALLET,
                        end=SAMSAM,
                        property="requests-payment-to",
                        backward=True,
                        origin="Ransomwhere",
                        source="ransomwhere.yaml",
                        place="lines 9-11",
                        belief=0.98,
                        verdict="accepted",
                        simulated=True,
                    ),
                ),
            ),
            Route(
                title="From a scam of 2020 to a campaign of 2023",
                belief=0.31,
                warnings=("The two sightings lie two years apart: the domain may have changed hands.",),
                hops=(
                    Hop(
                        start=TESLA_WALLET,
                        end=TESLA,
                        property="requests-payment-to",
                        backward=True,
                        origin="CryptoScamDB",
                        source="cryptoscamdb.yaml",
                        place="lines 1-11",
                        belief=0.82,
                        verdict="accepted",
                        observed=Interval("2020-01-01", "2021-01-01", "year"),
                    ),
                    Hop(
                        start=TESLA,
                        end=CAMPAIGN,
                        property="uses",
                        backward=True,
                        origin="Infoblox",
                        source="infoblox.json",
                        place="/Event/Attribute/2",
                        belief=0.38,
                        verdict="proposed",
                        observed=on_day("2023-01-08"),
                        warning="Another period of the same name: this step joins nothing by itself.",
                    ),
                ),
            ),
        ),
        coverage=(
            Line("Sources", "5 of 16", "no bank, no exchange, no telecom data"),
            Line("Newest observation", "2023-05-18"),
            Line("Last evidence of life", "none within a year of this answer"),
        ),
        sensitivity=(
            Line("Wallets replaced twice as fast", "same targets", "their effect falls by a third"),
            Line("Without CryptoScamDB", "second target drops out"),
        ),
        warnings=("The newest sign of life is a year old: confirm that a target is live before acting.",),
        curve=Curve(
            days=(0.0, 7.0, 30.0, 90.0, 180.0, 365.0),
            before=(1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
            after=(0.38, 0.46, 0.61, 0.78, 0.88, 0.95),
            low=(0.22, 0.31, 0.47, 0.66, 0.79, 0.9),
            high=(0.61, 0.66, 0.78, 0.9, 0.96, 1.0),
            unit="ransom flow, share of today",
        ),
    )


def picture() -> Picture:
    spots = {
        FILE: (0.0, 0.0),
        WALLET: (2.0, 0.3),
        PAGE: (0.3, 1.2),
        SAMSAM: (1.3, 1.5),
        RYUK: (5.0, 1.2),
        RYUK_WALLET: (4.2, 0.2),
        RYUK_MAIL: (5.9, 0.4),
        TESLA: (2.7, 2.6),
        TESLA_WALLET: (1.6, 3.2),
        CAMPAIGN: (4.2, 2.8),
    }
    flags = {WALLET: ("target",), TESLA: ("target",), RYUK_MAIL: ()}
    cluster = dict.fromkeys((FILE, WALLET, PAGE, SAMSAM), "SamSam") | dict.fromkeys(
        (RYUK, RYUK_WALLET, RYUK_MAIL), "Ryuk"
    )
    shown = {
        TESLA: "teslagive[.]net",
        PAGE: "hxxp://union83939k.wordpress[.]com",
        RYUK_MAIL: "wayneevenson@protonmail[.]com",
        CAMPAIGN: "cryptdesignbot",
    }
    parking = Node("ipv4-addr:194.58.112.174", "194.58.112[.]174", "ipv4-addr", 6.1, 3.0, ("parked",))
    nodes = tuple(
        Node(
            str(entity),
            shown.get(entity, entity.value),
            entity.kind,
            x,
            y,
            flags.get(entity, ()),
            cluster.get(entity, ""),
        )
        for entity, (x, y) in spots.items()
    )
    links = [
        (FILE, WALLET, "requests-payment-to", 0.93, "", False),
        (FILE, PAGE, "contact", 0.9, "", False),
        (FILE, SAMSAM, "indicates", 0.97, "", False),
        (SAMSAM, WALLET, "requests-payment-to", 0.98, "", False),
        (RYUK, RYUK_WALLET, "requests-payment-to", 0.99, "", False),
        (RYUK, RYUK_MAIL, "contact", 0.9, "", False),
        (TESLA, TESLA_WALLET, "requests-payment-to", 0.82, "", False),
        (CAMPAIGN, TESLA, "uses", 0.38, "seen two years apart; the domain may have changed hands", True),
    ]
    edges = tuple(
        Edge(str(a), str(b), name, belief, "accepted", warning, guess)
        for a, b, name, belief, warning, guess in links
    )
    edges += (
        Edge(str(TESLA), parking.id, "resolves-to", 0.7, "accepted", "a parking address: joins nothing"),
    )
    return Picture(
        nodes=(*nodes, parking),
        edges=edges,
        events=(
            Event(
                "2016-01-01", "2016-01-02", "SamSam sample compiled, wallet 19CbDo… named", "SamSam", "money"
            ),
            Event("2015-12-09", "2018-11-28", "SamSam ransoms paid", "SamSam"),
            Event("2018-11-28", "", "Two men indicted in the United States", "SamSam", "action"),
            Event("2018-08-13", "2021-06-01", "Ryuk notes with this wallet", "Ryuk", "money"),
            Event("2020-01-01", "2021-01-01", "teslagive[.]net on CryptoScamDB", "Give-away scams"),
            Event(
                "2023-01-08", "2023-05-18", "teslagive[.]net in cryptdesignbot", "Give-away scams", "listing"
            ),
        ),
        countries=(
            CountryCount("US", 41),
            CountryCount("RU", 12),
            CountryCount("IR", 2),
            CountryCount("TH", 7),
            CountryCount("SG", 3),
            CountryCount("NL", 5),
            CountryCount("GB", 1),
        ),
    )


def summary() -> Summary:
    return Summary(
        sources=(
            SourceLine("unit42-iocs/text/samsa/updated_iocs.csv", "csv", 84, 61, 2, 5),
            SourceLine("cryptoscamdb/urls.yaml", "cryptoscamdb", 31204, 21008, 0, 12),
            SourceLine("graphsense-tagpacks/packs/ransomwhere.yaml", "tagpack", 7457, 7580, 1, 0),
        ),
        kinds=(("Crypto address", 12011), ("Domain", 9889), ("Web address", 9872), ("Malware", 132)),
        rejected=(Line("not a valid Bitcoin address (checksum)", "3", "samsa.csv, row 4"),),
        skipped=(("header row", 4), ("reference data, not claims", 13)),
        crossings=(
            Line("19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", "3 sources", "Unit 42, Ransomwhere, GraphSense"),
        ),
        disputes=(Line("194.58.112[.]174 serves five scams", "1 of 2 members", "parking address"),),
        verdicts=(("accepted", 412), ("proposed", 38200), ("disputed", 9)),
        simulated=412,
        choke_points=(
            Line("19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", "38 % of flow", "cooperation of exchanges"),
        ),
    )


def request(**changes: object) -> Request:
    sealed = seal(facts())
    base = Request(
        atlas=ATLAS,
        title="Two wallets behind SamSam and Ryuk",
        created=WHEN,
        organisation="Example Police",
        public_key=public("Example Police"),
        claims=sealed.claims,
        records=sealed.records,
        captures=captures(),
        finding=finding(),
        picture=picture(),
        summary=summary(),
        audience=Audience(organisations=frozenset({"Example Police", "Bank of Examples"}), minimised=KEYED),
    )
    return replace(base, **changes)
