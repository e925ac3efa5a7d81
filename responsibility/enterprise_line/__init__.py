"""The enterprise's own line (主体责任): its people, their certificates and training, its risk points."""
