"""One module for each of Google's APIs."""
