"""Trains a classifier of handwritten digits with scikit-learn and logs it to MLflow."""
