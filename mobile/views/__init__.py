"""The app's screens: each one asks one question."""
