"""Compiled inner loops (numba, cached on disk). Import these modules inside functions only."""
