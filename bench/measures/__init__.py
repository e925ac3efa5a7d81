"""What is measured, one file a subject. Each function here belongs to a goal in `goals.toml`."""
