"""The tests of every package, and the tools they share."""
