"""A stand-in for kOps that does to the lab what kOps does to AWS."""
