"""Who is unlike their peers without any verdict saying so."""
