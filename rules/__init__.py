"""Awards as data, and the calculator over them. Pure: no network, no model, no index."""
