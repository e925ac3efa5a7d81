"""The local servers and the supervisor, tested from outside as real processes."""
