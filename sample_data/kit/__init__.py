"""What every part of the generator is built with; it knows no marketplace."""
