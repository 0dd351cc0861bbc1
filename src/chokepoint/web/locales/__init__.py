"""Message catalogues: one folder a language, in gettext's form."""
