"""The ledger of what was done. Append-only, chained per subject, sealed."""
