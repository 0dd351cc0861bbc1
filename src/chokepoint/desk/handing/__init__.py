"""What leaves the atlas: packages, exports and feeds, to whom it went, and what of it no longer stands."""
