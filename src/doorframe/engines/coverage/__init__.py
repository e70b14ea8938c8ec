"""Somebody's existing policy in, what it covers and what is wrong with it out; every finding with the words it rests on."""
