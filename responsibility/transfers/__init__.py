"""Transfers (移送) between bodies: recorded, and open until somebody accepts (Work Safety Law, Art. 69)."""
