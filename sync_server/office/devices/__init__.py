"""Devices: invited, handed over, shut out, and what they bring in a file."""
