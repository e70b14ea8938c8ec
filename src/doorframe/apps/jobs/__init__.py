"""Jobs: work that must happen, written down in the transaction that asks for it."""
