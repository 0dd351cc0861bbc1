"""The web desk: pages for people, JSON for programs. It translates and never decides: the desk does."""
