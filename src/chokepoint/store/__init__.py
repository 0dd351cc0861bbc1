"""Floor 4: append and read. The ledger, its projections, and the vault of captures."""
