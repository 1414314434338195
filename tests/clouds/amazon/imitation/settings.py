"""What a user of the imitation decides about it."""

from dataclasses import dataclass

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Settings:
    """How long things take, and which Kubernetes stands behind every cluster."""

    kubernetes_server: str | None = None
    """Address of the API server of every cluster. Default: the imitation's own."""
    kubernetes_authority: str | None = None
    """Its certificate authority as base64."""
    settle_seconds: float = 0.3
    """Time that each creation, update and deletion of EKS and of a NAT gateway takes."""
    late_log_seconds: float = 120
    """How long EKS writes events after the deletion of a cluster."""
