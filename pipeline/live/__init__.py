"""The live lane: what arrives between two builds, and the alerts it opens until the next one."""
