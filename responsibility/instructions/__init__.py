"""Instructions (交办、批示): a leader's note or a superior's document becomes what units owe."""
