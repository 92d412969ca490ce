"""What travels between devices, server and office. SQLModel bases, never tables."""
