"""How long a test waits for another process or thread before it takes it for broken.

Long, because a machine with much else to do is slow at everything and a test that passes
never waits for the end of it.
"""

PATIENCE_SECONDS = 300
