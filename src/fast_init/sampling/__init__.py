"""From (seed, name, index, array) to a call of the kernel: arrays, streams, shards, threads, truncation tables."""
