"""The composition root: it may import everything, nothing imports it."""
