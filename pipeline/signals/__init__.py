"""What the packs say of every entity at every snapshot: which of their signals fire."""
