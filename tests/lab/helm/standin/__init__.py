"""A stand-in for helm that does to the lab's API server what helm does with the charts of ingress controllers."""
