"""The structure, checked."""
