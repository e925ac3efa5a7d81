"""Asking the government to name a regulator (提请明确监管部门; Work Safety Law, Art. 10)."""
