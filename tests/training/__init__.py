"""The tests of relucomb.training, file by file."""
