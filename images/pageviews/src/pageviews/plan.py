"""What is forecast, and on how many days a model is measured; all in days."""

MAX_HORIZON_DAYS = 7
"""Up to a week ahead, the same day a week before is always known."""

WEEKS_OF_PROFILE = 8
"""Weeks that say what a day of the week is usually like."""

HISTORY_DAYS = 7 * (WEEKS_OF_PROFILE + 1) + 3 + MAX_HORIZON_DAYS
"""Days of views before a day that is predicted up to a week ahead."""

HOLDOUT_DAYS = 28
EVALUATED_HORIZON_DAYS = MAX_HORIZON_DAYS
"""At fewer days ahead, "same day last week" ignores newer views that any model may use: no fair comparison."""

BACKTEST_FOLDS = 12
MIN_BACKTEST_FOLDS = 6
MIN_TRAINING_DAYS = 120

MIN_DAYS = HISTORY_DAYS + MIN_TRAINING_DAYS + (MIN_BACKTEST_FOLDS + 1) * HOLDOUT_DAYS
"""Days of history below which nothing could tell skill from luck."""
