"""Photographs' bytes: their way to the server, its proof that it holds them, and its files."""
