"""Somebody's existing policy in; what it covers and what is wrong with it out, with the words that show it."""
