"""Settings: the defaults work on one machine, and everything wrong is said at once."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest

from procure.settings import BadSettings, MailServer, PdfLimits, Settings


def faults(**env: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as error:
        Settings.from_environment(env)
    return error.value.faults


def test_without_any_variable_the_service_works_on_this_machine() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///procure.db"
    assert settings.allowed_hosts == {"127.0.0.1", "localhost", "[::1]"}
    assert not settings.is_tls


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "PROCURE_DATABASE_URL": "postgresql://procure@db/procure",
            "PROCURE_PUBLIC_URL": "https://Kyodo.example.lg.jp:8443/",
            "PROCURE_ALLOWED_HOSTS": "Kyodo.local, 192.0.2.1:80",
            "PROCURE_TRUSTED_PROXIES": "192.0.2.7, 198.51.100.0/24",
            "PROCURE_CHAIR": "奈良　太郎",
            "PROCURE_DOCUMENT_PREFIX": "奈共",
            "PROCURE_SEAL_OMITTED": "0",
            "PROCURE_IDLE_MINUTES": "15",
            "PROCURE_SIGN_IN_HOURS": "8",
            "PROCURE_TRIES_PER_LOGIN": "5",
            "PROCURE_TRIES_PER_ADDRESS": "50",
            "PROCURE_PDF_PROCESSES": "3",
            "PROCURE_PDF_SECONDS": "90",
            "PROCURE_PDF_MEGABYTES": "2000",
            "PROCURE_PDF_DOCUMENTS": "10",
            "PROCURE_OCID_PREFIX": "ocds-a1b2c3",
            "PROCURE_DATA_LICENCE": "https://creativecommons.org/licenses/by/4.0/",
        }
    )
    assert settings.database_url == "postgresql://procure@db/procure"
    assert settings.is_tls
    assert settings.public_origin == "https://kyodo.example.lg.jp:8443"
    assert settings.allowed_hosts >= {"kyodo.example.lg.jp", "kyodo.local", "192.0.2.1"}
    assert settings.trusted_proxies == ("192.0.2.7/32", "198.51.100.0/24")
    assert (settings.letterhead.chair, settings.letterhead.document_prefix) == ("奈良　太郎", "奈共")
    assert not settings.letterhead.seal_omitted
    data = settings.open_data
    assert (data.ocid_prefix, data.licence) == ("ocds-a1b2c3", "https://creativecommons.org/licenses/by/4.0/")
    assert settings.pdf == PdfLimits(processes=3, seconds=90, megabytes=2000, documents=10)
    limits = settings.sign_in
    assert (limits.idle, limits.absolute) == (timedelta(minutes=15), timedelta(hours=8))
    assert (limits.per_login, limits.per_address) == (5, 50)


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert Settings.from_environment({"PROCURE_DATABASE_URL": " ", "PROCURE_IDLE_MINUTES": ""}) == Settings()


def test_everything_wrong_is_said_at_once_and_by_name() -> None:
    found = faults(
        PROCURE_DATABASE_URL="mysql://x",
        PROCURE_PUBLIC_URL="kyodo.example",
        PROCURE_ALLOWED_HOSTS="a b",
        PROCURE_TRUSTED_PROXIES="*",
        PROCURE_CHAIR="一行目\n二行目",
        PROCURE_IDLE_MINUTES="0",
        PROCURE_SIGN_IN_HOURS="２",
        PROCURE_PDF_PROCESSES="0",
        LITESTAR_DEBUG="1",
        LITESTAR_PDB="1",
    )
    assert [fault.split(":")[0] for fault in found] == [
        "LITESTAR_DEBUG",
        "LITESTAR_PDB",
        "PROCURE_DATABASE_URL",
        "PROCURE_PUBLIC_URL",
        "PROCURE_ALLOWED_HOSTS",
        "PROCURE_TRUSTED_PROXIES",
        "PROCURE_CHAIR",
        "PROCURE_IDLE_MINUTES",
        "PROCURE_SIGN_IN_HOURS",
        "PROCURE_PDF_PROCESSES",
    ]


@pytest.mark.parametrize(
    "url", ["https://a/path", "https://u@a", "https://a?b", "ftp://a", "https://", "https://[", "x"]
)
def test_a_public_address_is_nothing_but_a_host(url: str) -> None:
    (fault,) = faults(PROCURE_PUBLIC_URL=url)
    assert fault.startswith("PROCURE_PUBLIC_URL: ")


def test_a_fault_does_not_repeat_the_password_of_the_database() -> None:
    assert "s3cret" not in "".join(faults(PROCURE_DATABASE_URL="mysql://u:s3cret@db/x"))


def test_a_password_in_the_address_of_the_database_stays_out_of_logs() -> None:
    assert "s3cret" not in repr(Settings(database_url="postgresql://u:s3cret@db/x"))


MAIL = {"PROCURE_SMTP_HOST": "smtp.example.lg.jp", "PROCURE_MAIL_FROM": "jimu@example.lg.jp"}


def test_without_a_mail_server_no_mail_is_sent() -> None:
    assert Settings.from_environment({"PROCURE_MAIL_FROM": "jimu@example.lg.jp"}).mail is None


def test_a_mail_server_needs_a_host_and_a_sender() -> None:
    assert Settings.from_environment(MAIL).mail == MailServer("smtp.example.lg.jp", sender="jimu@example.lg.jp")
    assert faults(PROCURE_SMTP_HOST="smtp.example.lg.jp") == (
        "PROCURE_MAIL_FROM: must be set where PROCURE_SMTP_HOST is",
    )


def test_an_account_at_the_mail_server_is_read_and_kept_out_of_logs() -> None:
    more = {"PROCURE_SMTP_PORT": "587", "PROCURE_SMTP_USER": "jimu", "PROCURE_SMTP_PASSWORD": "s3cret"}
    mail = Settings.from_environment(MAIL | more | {"PROCURE_SMTP_STARTTLS": "1"}).mail
    assert mail == MailServer("smtp.example.lg.jp", 587, "jimu", "s3cret", True, "jimu@example.lg.jp")
    assert "s3cret" not in repr(mail)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROCURE_SMTP_HOST", "smtp.example.jp:25"),
        ("PROCURE_SMTP_HOST", "smtp example"),
        ("PROCURE_SMTP_PORT", "0"),
        ("PROCURE_SMTP_PORT", "65536"),
        ("PROCURE_SMTP_STARTTLS", "yes"),
        ("PROCURE_MAIL_FROM", "jimu"),
        ("PROCURE_MAIL_FROM", "事務局 <jimu@example.lg.jp>"),
        ("PROCURE_MAIL_FROM", "a@example.jp, b@example.jp"),
    ],
)
def test_a_bad_setting_of_mail_is_named_once(name: str, value: str) -> None:
    (fault,) = faults(**{**MAIL, name: value})
    assert fault.startswith(f"{name}: must be ")


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"PROCURE_SMTP_USER": "jimu"}, "PROCURE_SMTP_PASSWORD"),
        ({"PROCURE_SMTP_PASSWORD": "s3cret", "PROCURE_SMTP_STARTTLS": "1"}, "PROCURE_SMTP_PASSWORD"),
        ({"PROCURE_SMTP_USER": "jimu", "PROCURE_SMTP_PASSWORD": "s3cret"}, "PROCURE_SMTP_STARTTLS"),
    ],
)
def test_a_password_goes_with_a_user_and_over_an_encrypted_connection(more: dict[str, str], named: str) -> None:
    (fault,) = faults(**MAIL, **more)
    assert fault.startswith(f"{named}: must be ")
    assert "s3cret" not in fault


@pytest.mark.parametrize("prefix", ["ocds", "ocds-ABCDEF", "ocds-a1b2c", "ocds-a1b2c3-", "a1b2c3"])
def test_a_prefix_has_the_form_of_the_standard(prefix: str) -> None:
    (fault,) = faults(PROCURE_OCID_PREFIX=prefix)
    assert fault.startswith("PROCURE_OCID_PREFIX: ")


@pytest.mark.parametrize("licence", ["CC BY 4.0", "javascript:alert(1)", "https://", "https://例え.jp", "//x"])
def test_a_licence_is_an_address(licence: str) -> None:
    (fault,) = faults(PROCURE_DATA_LICENCE=licence)
    assert fault.startswith("PROCURE_DATA_LICENCE: ")


KEY = bytes(range(224, 256))  # has both signs that differ between the alphabets of base64


@pytest.mark.parametrize("encode", [base64.urlsafe_b64encode, base64.standard_b64encode])
def test_a_sealing_key_is_read_and_kept_out_of_logs(encode: Callable[[bytes], bytes]) -> None:
    text = encode(KEY).decode()
    settings = Settings.from_environment({"PROCURE_SEALING_KEY": f" {text} "})
    assert settings.sealing_key == KEY
    assert text not in repr(settings)
    assert repr(KEY) not in repr(settings)


def test_without_a_sealing_key_there_is_none() -> None:
    assert Settings.from_environment({"PROCURE_SEALING_KEY": ""}).sealing_key is None


@pytest.mark.parametrize("text", ["s3cret", "s3cret==", "A" * 42, base64.b64encode(KEY[:31]).decode(), "鍵" * 44])
def test_what_is_no_sealing_key_is_named_and_not_repeated(text: str) -> None:
    (fault,) = faults(PROCURE_SEALING_KEY=text)
    assert fault.startswith("PROCURE_SEALING_KEY: must be a key as `procure sealing-key` prints it")
    assert text not in fault
