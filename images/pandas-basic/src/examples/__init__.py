"""Small tasks that show, and check, what a task's pod reaches: the project's database, MLflow and data."""
