"""What is reported without an account: anybody about a danger, workers to their own enterprise."""
