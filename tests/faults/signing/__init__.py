"""A practice whose clients sign while processes die, disks fill and clocks jump: what the tests of faults share."""
