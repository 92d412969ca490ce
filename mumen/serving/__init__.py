"""A running server: its processes, its address, its owner, and what the command line tells it."""
