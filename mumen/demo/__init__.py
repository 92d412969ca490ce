"""A believable factory to look at: made of ordinary commands, the same for the same seed and instant."""
