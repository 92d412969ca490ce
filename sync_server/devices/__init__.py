"""What devices deliver and ask: signed requests, pushes, quarantine, pokes."""
