"""What the benchmarks run in a process of the stack, called by StackProcess: the settings are those of the product."""
