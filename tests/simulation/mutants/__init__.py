"""Bugs seeded into the real code, each of which the simulated worlds have to notice."""
