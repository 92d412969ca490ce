"""A station PC's own camera as a scanner: frames are captured and read in threads beside the app."""
