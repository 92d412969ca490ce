"""The worlds of the simulation, for whatever an engine does together with a server."""

from tests.simulation.conftest import world

__all__ = ["world"]
