"""Floor 3: which entities may be one, which are shared or known good, which lived twice. Pure."""
