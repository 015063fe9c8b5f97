"""From (seed, name, index, array) to a call of the kernel: array checks, streams, shards, threads, truncation tables."""
