"""Conversations in, signals out: which messages deserve a moderator's look, who does what to whom, and which words.

A person always decides. Nothing here says what somebody is; it says where to look.
"""
