"""A Kubernetes API that keeps objects and runs nothing, behind the clusters that EKS is said to have."""
