"""What is on a label and how it becomes a page: a pure core that device and server both use."""
