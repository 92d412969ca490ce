"""The server that owns the authoritative state."""
