"""What a value looks like on a page: nothing live, nothing hidden, in the reader's language."""
