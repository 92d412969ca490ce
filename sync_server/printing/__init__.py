"""Printing labels on printers that stand in the factory: how they are reached, and the spool of what waits for them."""
