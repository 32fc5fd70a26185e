"""What a model's own text says about one profile: pure numpy, nothing read and nothing kept."""
