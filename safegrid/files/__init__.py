"""Evidence: the original is sealed, people see a re-encoded derivative."""
