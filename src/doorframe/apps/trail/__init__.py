"""Trail: what was done, by whom and when; append-only and hash-chained."""
