"""What a model learns from: labels, their maturity, the unlabelled, and the fitted trees."""
