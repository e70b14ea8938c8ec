"""How fast, how large and how well Doorframe grows, each against a bound or a neighbour measured in the same run."""
