"""Orders: listed, filled in, released, cancelled, and their labels printed."""
