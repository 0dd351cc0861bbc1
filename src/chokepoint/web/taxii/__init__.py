"""TAXII 2.1 (OASIS, 10 June 2021) at `/taxii2/`: what is accepted goes out, contributions come in."""

from chokepoint.web.taxii.offer import OFFER
from chokepoint.web.taxii.take import TAKE

TAXII = (*OFFER, *TAKE)
"""Every handler."""
