"""Maltego graphs (`.mtgx`): a zip of GraphML in Maltego's dialect with the entity types that it uses."""
