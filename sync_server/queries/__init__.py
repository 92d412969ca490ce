"""What the office reads: plain values for its pages, never rows that could be written back."""
