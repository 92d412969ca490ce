"""What the figures of `benchmarks.sync` are made with: a factory, server processes, devices and a browser."""
