"""Builds the app for browsers. It runs on the machine that serves the app, and no part of it goes into a browser."""
