"""An office's hazard ledger (隐患台账), as it was kept in Excel until now, taken over into the portal."""
