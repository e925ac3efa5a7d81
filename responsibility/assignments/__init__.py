"""Who answers for what: assignments, coverage policy, resolution."""
