"""Personal data: the role of a natural person, its review, and the view that shows no more than it must."""
