"""Codes from wherever they come: what a scanner gun typed is read here; the page owns keyboard and camera."""
