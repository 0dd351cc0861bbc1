"""Floor 7: the command line. Verbs translate what is asked to one desk verb, and its answer to text or JSON."""
