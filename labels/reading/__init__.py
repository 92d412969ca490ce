"""Reading labels back: from a sheet before it is released, a photograph, a camera's frame. Not for browsers."""
