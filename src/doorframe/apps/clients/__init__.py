"""Clients: whom the practice sees, under a practice id and with the least data."""
