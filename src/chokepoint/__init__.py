"""Chokepoint, the open cybercrime atlas: claims in, choke points and provable packages out."""

__version__ = "0.1.0"
