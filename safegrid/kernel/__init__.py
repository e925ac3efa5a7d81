"""The bottom of the house: clock, scope, ledger hashing, listings, sockets. It has no models."""
