"""The care of an atlas: backups, erasure, checkpoints, and files that wait to be read."""
