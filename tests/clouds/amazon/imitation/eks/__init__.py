"""EKS, which moto plays without add-ons, access entries and the time that everything takes."""
