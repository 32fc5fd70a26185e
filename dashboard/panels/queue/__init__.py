"""The panels of the Queue page: its filters, the alerts and the lane apart from them."""
