"""What a marketplace or another team's model delivers: checked, then staged."""
