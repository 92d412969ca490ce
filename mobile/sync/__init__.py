"""A device and its server: signed requests, the push of the outbox, the pull of the mirror."""
