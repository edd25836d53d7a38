"""The AWS endpoint that the lab's clients see: counts calls, checks credentials, injects faults."""
