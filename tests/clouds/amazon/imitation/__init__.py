"""An imitation of the parts of AWS that an EKS stack uses, on loopback."""
