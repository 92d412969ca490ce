"""Driving the app in a real Chromium, for tests and benchmarks; it knows no part of the product."""
