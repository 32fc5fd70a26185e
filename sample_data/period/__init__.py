"""What happens day by day: orders and everything that follows from them."""
