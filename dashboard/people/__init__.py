"""Who sits behind a session: the sign-ins, the file of people, and the demo's persons."""
