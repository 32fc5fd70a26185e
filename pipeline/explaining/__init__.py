"""Why a score is what it is: contributions, peers, lifts and reference rows as tables."""
