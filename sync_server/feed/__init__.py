"""What a device has not seen: the feed keeps the last version of every row of a scope, in the order of change.

A changed row moves to its scope's new head, so a pull from 0 is a snapshot, and it can be resumed at any page. A row
that leaves a scope leaves a tombstone there until the horizon passes it; an older cursor than that starts anew.
The scopes' counters are locked last in the transaction: sequences have no gaps and follow the order of commits.
"""
