"""What a story is planted with: the plan, evasion, and the tools of rings."""
