"""Oversight: who saw what and why, alarms, vetoes, and what is held on a person."""
