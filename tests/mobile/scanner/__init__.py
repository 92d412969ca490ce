"""Codes from wherever they come."""
