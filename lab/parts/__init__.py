"""The parts of a lab, one file each."""
