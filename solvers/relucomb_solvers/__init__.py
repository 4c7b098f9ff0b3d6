"""The engines of relucomb: plain arrays in, plain arrays out; they know nothing of networks or files."""
