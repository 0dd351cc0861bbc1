"""Votes: what waits for whom, how they are cast, by which rules they count, and how right members were."""
