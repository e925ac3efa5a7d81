"""That what measures can be relied on."""
