"""Pages of the members: beginning, the practice, its people, joining it."""
