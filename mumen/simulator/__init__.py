"""A deterministic world of one server and several devices.

The modules are the real ones; the clock, the network, the disks and chance are the simulator's. See `docs/sync.md`.
"""
