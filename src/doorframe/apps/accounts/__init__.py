"""Accounts: where the practice is online, and why it is there or not."""
