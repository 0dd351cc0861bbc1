"""`hypothesis`: who is behind it? Evidence rated against competing answers by organisations, blinded."""

from chokepoint.desk.hypothesis.inquiry import (
    MOST_HYPOTHESES,
    Inquiry,
    add_evidence,
    add_hypotheses,
    find_inquiry,
    inquiries,
    open_inquiry,
    rate,
)
from chokepoint.desk.hypothesis.matrix import Matrix, Row, matrix

__all__ = [
    "MOST_HYPOTHESES", "Inquiry", "Matrix", "Row", "add_evidence", "add_hypotheses", "find_inquiry",
    "inquiries", "matrix", "open_inquiry", "rate",
]  # fmt: skip
