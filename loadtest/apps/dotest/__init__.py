"""Sample apps: what the load tests serve and a first try of spvn can."""
