"""The server's database, and rows read and written in it."""
