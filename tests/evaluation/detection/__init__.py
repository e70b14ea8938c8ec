"""The evaluation of the detector: invented conversations and what it makes of them."""
