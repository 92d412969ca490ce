"""One language for the device and the server: schemas, rules and the label code. Pure: no I/O and no clock."""
