"""What moved a metric: exact parts, root causes, causes before culprits. Pure: frames in and out.

A page computes this on demand, so nothing here writes a table or loads a training library.
"""
