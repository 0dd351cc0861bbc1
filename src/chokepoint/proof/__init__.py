"""What anyone can check without a store: tree heads, proofs, signed notes, checkpoints, signatures."""
