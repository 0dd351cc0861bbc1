"""Floor 7: the command line. Verbs translate: what is asked to a desk verb, its answer to text or JSON."""
