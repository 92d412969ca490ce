"""What is done on a device, by subject: decided by the rules, kept in its store, and only then told."""
