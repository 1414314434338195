import pytest

ENVIRONMENT = ("DATA_URI", "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME", "WIKIMEDIA_BASE_URL", "WIKIMEDIA_CONTACT")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer's shell holds decides no test."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
