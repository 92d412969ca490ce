"""The SQLite file of a device: the mirror of server rows, and the outbox of what people did."""
