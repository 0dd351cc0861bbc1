"""People and organisations: circles that share, who has which role, who comes and goes."""
