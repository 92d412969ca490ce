"""Real processes that are killed under load, on both databases: nothing acknowledged is lost, nothing counts twice.

Short in the tests; `python -m tests.drills --rounds 1000` for as long as somebody wants to watch.
"""
