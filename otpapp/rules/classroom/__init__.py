"""A class of made-up people, to whom everything is shown."""
