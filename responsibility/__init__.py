"""Who answers for what, who owes what by when, and who is told when it is late."""
