"""What is written on an enterprise's own line, by the enterprise's own officers alone."""
