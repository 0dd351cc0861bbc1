"""A package's claims as a STIX 2.1 bundle."""
