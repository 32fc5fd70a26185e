"""What moved a metric."""
