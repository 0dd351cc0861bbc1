"""Work of people: cases and their meetings, notes, operations, outcomes and what they achieved."""
