"""Indicators in any text: found, made whole, and told apart by what the text says of them."""

from chokepoint.values.text.scanner import scan

__all__ = ["scan"]
