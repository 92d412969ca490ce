"""The SQLite file of a device: a mirror of server rows."""
