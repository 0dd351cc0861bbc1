"""Pictures as inline SVG, each a pure function of what it shows; colours come from the page's style."""
