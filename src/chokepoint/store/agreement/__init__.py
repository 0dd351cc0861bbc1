"""Whether the tables beside the log say what the log says: all that anybody is shown is read from them."""
