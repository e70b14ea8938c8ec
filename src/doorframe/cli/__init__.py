"""Door 2: the command line. One file per command; needs no database and never imports Django."""
