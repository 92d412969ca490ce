"""The domain's rules: the same functions decide on a device without a network and on the server."""
