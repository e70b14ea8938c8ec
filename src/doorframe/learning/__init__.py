"""How the second readers are made from our own texts. Needs torch; nothing that runs in a practice imports it."""
