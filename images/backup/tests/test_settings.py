import pytest

from backup.cli import main
from backup.errors import UsageError
from backup.settings import read_settings, storage_uri

DATABASES = {"BACKUP_DATABASES": "airflow,mlflow"}


def test_the_defaults_keep_two_weeks_and_no_key() -> None:
    settings = read_settings(DATABASES)
    assert settings.databases == ("airflow", "mlflow")
    assert (settings.retention_days, settings.recipient, settings.fernet_key) == (14, None, None)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "BACKUP_DATABASES is not set"),
        ({**DATABASES, "BACKUP_RETENTION_DAYS": "0"}, "BACKUP_RETENTION_DAYS is '0': give a number of days"),
        ({**DATABASES, "BACKUP_RETENTION_DAYS": "two"}, "BACKUP_RETENTION_DAYS is 'two'"),
        (
            {**DATABASES, "BACKUP_RECIPIENT": "age1wrong"},
            "BACKUP_RECIPIENT is 'age1wrong', which is not an age public key",
        ),
        ({**DATABASES, "BACKUP_FERNET_KEY_FILE": "/nowhere"}, "BACKUP_FERNET_KEY_FILE: /nowhere cannot be read"),
    ],
)
def test_a_wrong_environment_is_one_sentence(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        read_settings(environment)


def test_no_uri_says_what_it_is_for() -> None:
    with pytest.raises(UsageError, match="BACKUP_URI is not set: give the folder of the backups"):
        storage_uri({})


def test_a_wrong_uri_ends_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKUP_URI", "minio://backups")
    assert main(["list"]) == 2
    assert "'minio://backups' cannot be used" in capsys.readouterr().err


def test_help_names_every_command_variable_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for word in (
        "run",
        "list",
        "verify",
        "restore",
        "compare",
        "key",
        "copy",
        "BACKUP_URI",
        "exit codes",
        "PGPASSWORD",
    ):
        assert word in shown
