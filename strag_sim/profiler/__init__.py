"""How long a model takes, measured: a module on a device to a profile. Needs torch."""
