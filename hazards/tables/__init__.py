"""The office's tables of hazards: the ledger, the monthly table, the list of major hazards."""
