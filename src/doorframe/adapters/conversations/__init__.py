"""Conversations from what other programs export, one module a format: message by message, in bounded memory."""
