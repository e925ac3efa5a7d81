"""Member units (安委会成员单位): what each governs, who is in it, what it answers for and owes."""
