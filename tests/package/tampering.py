"""Packages altered on purpose: by somebody on the way, or by a sender who signs what they changed."""

from __future__ import annotations

import json
from hashlib import sha256

from package_sample import key

from chokepoint.package.manifest import ENVELOPE, MANIFEST, RECORDS
from chokepoint.package.sign import canonical_json
from chokepoint.package.sign import seal as seal_manifest

POLICE, MALLORY = "Example Police", "Mallory"


def resealed(files, change, signer=POLICE):
    """The files under a manifest changed by `change` and signed anew, file list made right."""
    manifest = json.loads(files[MANIFEST])
    change(manifest, files)
    manifest["files"] = [
        {"name": name, "sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(files.items())
        if name not in (MANIFEST, ENVELOPE)
    ]
    return signed(files, canonical_json(manifest), signer)


def signed(files, payload, signer=POLICE):
    """The files with these bytes as their manifest, whatever they are, signed."""
    public = bytes.fromhex(json.loads(payload)["public_key"])
    seal = seal_manifest(payload, public, key(signer).sign)
    return {**files, MANIFEST: payload, ENVELOPE: seal}


def restated(change, signer=POLICE):
    """A function that signs a package's manifest anew after a change to it alone; files stay as listed."""

    def apply(files):
        manifest = json.loads(files[MANIFEST])
        change(manifest)
        return signed(dict(files), canonical_json(manifest), signer)

    return apply


def records_changed(change):
    """A change for `resealed`: every record line as a dict, through `change`."""

    def apply(_, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        files[RECORDS] = b"".join(canonical_json(line) + b"\n" for line in change(lines))

    return apply


def told(outcome):
    """Every reason why a package does not hold."""
    return [one.reason for one in outcome.failures] + [one.reason for one in outcome.claims if not one.proved]
