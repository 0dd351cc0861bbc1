"""What stands before every page: sessions, forgery, headers, rates, and errors that tell nothing."""
