"""Sampled worlds: which edges are real and which actions would succeed.

Every draw is a hash of (seed, world, name of the thing), so that it does not depend on the order of
the input or on unrelated parts of the network: common random numbers by construction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import ChokeNetwork, Flags, Floats

    Keys = NDArray[np.uint64]

CHOOSING, SCORING = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """W joint draws.

    Attributes:
        alive: bool (W, E), the edge exists.
        success: bool (W, M), the action works if it is taken.
    """

    alive: Flags
    success: Flags

    @property
    def count(self) -> int:
        """W."""
        return int(self.alive.shape[0])


def sample_worlds(network: ChokeNetwork, count: int, purpose: int) -> Worlds:
    """Independent Bernoulli draws by edge belief and mode success.

    Args:
        network: what is drawn; its seed is used.
        count: W; a network without any doubt needs and gets one world.
        purpose: CHOOSING or SCORING; different purposes share no draw.
    """
    modes = network.modes
    certain = bool(np.all(network.belief >= 1) and np.all((modes.success >= 1) | (modes.success <= 0)))
    names = np.array([_key(name) for name in network.ids], dtype=np.uint64)
    verbs = np.array([_key(name) for name in modes.name], dtype=np.uint64)
    edges = _mix(names[network.src]) * np.uint64(3) + _mix(names[network.dst] ^ np.uint64(0x5BD1E995))
    actions = _mix(names[modes.node]) * np.uint64(5) + _mix(verbs)
    salts = [_key(f"{network.seed}/{purpose}/{world}") for world in range(1 if certain else count)]
    return Worlds(
        alive=np.array([_uniform(edges, salt) < network.belief for salt in salts]).reshape(len(salts), -1),
        success=np.array([_uniform(actions, salt) < modes.success for salt in salts]).reshape(len(salts), -1),
    )


def _key(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix(keys: Keys) -> Keys:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def _uniform(keys: Keys, salt: int) -> Floats:
    """One number in [0, 1) a key."""
    return (_mix(keys ^ np.uint64(salt)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
