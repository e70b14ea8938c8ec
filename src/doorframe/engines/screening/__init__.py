"""Whether a draft may go out: what in it would tell of a client, why, and how to say it safely."""
