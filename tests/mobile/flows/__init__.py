"""Flows of the app over the real engine."""
