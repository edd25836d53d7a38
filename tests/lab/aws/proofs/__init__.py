"""Proofs: public functions of these modules, each starting from a fresh account."""

import inspect

from . import addresses, faults, groups_and_instances, names, permissions, state_and_seed

MODULES = (addresses, groups_and_instances, names, faults, permissions, state_and_seed)
ALL = [
    function
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
]
