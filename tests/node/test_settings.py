"""Every setting from both sources, and every refusal in words that name the setting."""

from __future__ import annotations

import typing
from ipaddress import ip_network
from pathlib import Path

import pytest

from node.settings import READERS, Settings, SettingsError, is_loopback, load


def test_nothing_set_gives_the_documented_defaults(tmp_path: Path) -> None:
    assert load({}, tmp_path) == Settings(
        base_url="http://localhost:8080",
        listen="127.0.0.1:8080",
        data=tmp_path / "data",
        database_url=None,
        workers=1,
        allow_networks=(),
        mail_url=None,
        media_url=None,
        trusted_proxies=(),
        rate_limits=True,
        test_signups=False,
        metrics_token=None,
    )


def test_every_setting_is_read_from_the_environment(tmp_path: Path) -> None:
    environment = {
        "ALLMENDE_BASE_URL": "https://Hub.Example:443/",
        "ALLMENDE_LISTEN": "[::1]:9000",
        "ALLMENDE_DATA": "elsewhere",
        "ALLMENDE_DATABASE_URL": "postgresql://a:b@one:5432,two:5433/hub?target_session_attrs=read-write",
        "ALLMENDE_WORKERS": "4",
        "ALLMENDE_ALLOW_NETWORKS": "127.0.0.0/8, ::1/128",
        "ALLMENDE_MAIL_URL": "smtps://me:secret@mail.example",
        "ALLMENDE_MEDIA_URL": "s3://bucket",
        "ALLMENDE_MEDIA_CACHE_BYTES": "5000",
        "ALLMENDE_TRUSTED_PROXIES": "10.1.2.3",
        "ALLMENDE_RATE_LIMITS": "off",
        "ALLMENDE_TEST_SIGNUPS": "0",
        "ALLMENDE_METRICS_TOKEN": "token",
        "PATH": "/bin",
    }
    settings = load(environment, tmp_path)
    assert settings == Settings(
        base_url="https://hub.example",
        listen="[::1]:9000",
        data=tmp_path / "elsewhere",
        database_url="postgresql://a:b@one:5432,two:5433/hub?target_session_attrs=read-write",
        workers=4,
        allow_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        mail_url="smtps://me:secret@mail.example",
        media_url="s3://bucket",
        media_cache_bytes=5000,
        trusted_proxies=(ip_network("10.1.2.3/32"),),
        rate_limits=False,
        test_signups=False,
        metrics_token="token",
    )
    assert (settings.listen_host, settings.listen_port) == ("::1", 9000)


def test_every_setting_has_a_reader_and_a_sentence() -> None:
    hints = typing.get_type_hints(Settings, include_extras=True)
    assert set(READERS) == set(Settings.__struct_fields__)
    for name in Settings.__struct_fields__:
        (meta,) = hints[name].__metadata__
        assert meta.description.endswith("."), name


def test_the_file_is_read_and_the_environment_stands_over_it(tmp_path: Path) -> None:
    (tmp_path / "allmende.toml").write_text(
        'base_url = "https://file.example"\nworkers = 3\nrate_limits = false\n'
        'allow_networks = ["10.0.0.0/8", "fd00::/8"]\nALLMENDE_LISTEN = ":80"\n'
    )
    settings = load({"ALLMENDE_BASE_URL": "https://environment.example"}, tmp_path)
    assert settings.base_url == "https://environment.example"
    assert settings.workers == 3
    assert settings.rate_limits is False
    assert settings.allow_networks == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert (settings.listen_host, settings.listen_port) == ("", 80)


def test_an_empty_text_counts_as_not_set(tmp_path: Path) -> None:
    assert load({"ALLMENDE_DATABASE_URL": " "}, tmp_path).database_url is None


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ALLMENDE_BASE_ULR": "https://a.example"}, "ALLMENDE_BASE_ULR in the environment is not a setting"),
        ({"ALLMENDE_base_url": "https://a.example"}, "ALLMENDE_base_url in the environment is not a setting"),
        ({"ALLMENDE_": "x"}, "is not a setting"),
        ({"ALLMENDE_BASE_URL": "hub.example"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "ftp://hub.example"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "https://hub.example/sub"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "https://me:pass@hub.example"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "https://hub.example:99999"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "https://hub example"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_BASE_URL": "https://[::1"}, "ALLMENDE_BASE_URL"),
        ({"ALLMENDE_LISTEN": "8080"}, "ALLMENDE_LISTEN"),
        ({"ALLMENDE_LISTEN": "127.0.0.1:99999"}, "ALLMENDE_LISTEN"),
        ({"ALLMENDE_LISTEN": "::1:8080"}, "ALLMENDE_LISTEN"),
        ({"ALLMENDE_DATABASE_URL": "mysql://localhost/hub"}, "ALLMENDE_DATABASE_URL"),
        ({"ALLMENDE_WORKERS": "0"}, "ALLMENDE_WORKERS"),
        ({"ALLMENDE_WORKERS": "65"}, "ALLMENDE_WORKERS"),
        ({"ALLMENDE_WORKERS": "two"}, "ALLMENDE_WORKERS"),
        ({"ALLMENDE_ALLOW_NETWORKS": "10.0.0.1/8"}, "ALLMENDE_ALLOW_NETWORKS"),
        ({"ALLMENDE_ALLOW_NETWORKS": "localhost"}, "ALLMENDE_ALLOW_NETWORKS"),
        ({"ALLMENDE_TRUSTED_PROXIES": "*"}, "ALLMENDE_TRUSTED_PROXIES"),
        ({"ALLMENDE_MAIL_URL": "mail.example"}, "ALLMENDE_MAIL_URL"),
        ({"ALLMENDE_MEDIA_URL": "http://bucket"}, "ALLMENDE_MEDIA_URL"),
        ({"ALLMENDE_MEDIA_URL": "file:relative"}, "ALLMENDE_MEDIA_URL"),
        ({"ALLMENDE_RATE_LIMITS": "perhaps"}, "ALLMENDE_RATE_LIMITS"),
        ({"ALLMENDE_TEST_SIGNUPS": "1", "ALLMENDE_BASE_URL": "https://hub.example"}, "ALLMENDE_TEST_SIGNUPS"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(environment: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(environment, tmp_path)
    assert named in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("content", ["base_ulr = 'x'", "workers = 1.5", "[base_url]\nx = 1", "base_url = ", "\xff"])
def test_a_wrong_file_stops_the_start_and_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "allmende.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"allmende\.toml"):
        load({}, tmp_path)


@pytest.mark.parametrize(
    "url", ["http://localhost:3000", "http://127.0.0.2:3000", "http://[::1]", "http://a.localhost"]
)
def test_test_signups_are_allowed_on_loopback(url: str, tmp_path: Path) -> None:
    assert load({"ALLMENDE_TEST_SIGNUPS": "1", "ALLMENDE_BASE_URL": url}, tmp_path).test_signups


@pytest.mark.parametrize("host", ["hub.example", "10.0.0.1", "localhost.example", "notlocalhost", "::2", ""])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "networks", "allowed"),
    [
        ("http://localhost:8080", "", True),
        ("http://127.0.0.3", "", True),
        ("https://localhost", "127.0.0.0/8", False),
        ("http://hub.example", "", False),
        ("http://10.1.2.3", "10.0.0.0/8", True),
        ("http://10.1.2.3", "192.168.0.0/16", False),
        ("http://10.1.2.3", "", False),
        ("http://does-not-exist.invalid", "0.0.0.0/0", False),
    ],
)
def test_plain_http_peers_only_for_a_plain_http_hub_that_is_here(
    url: str, networks: str, allowed: bool, tmp_path: Path
) -> None:
    settings = load({"ALLMENDE_BASE_URL": url, "ALLMENDE_ALLOW_NETWORKS": networks}, tmp_path)
    assert settings.allow_http is allowed


def test_host_and_authority_are_those_of_the_base_url() -> None:
    with_port = Settings(base_url="http://localhost:8080")
    assert (with_port.host, with_port.authority, with_port.https) == ("localhost", "localhost:8080", False)
    bracketed = Settings(base_url="https://[::1]")
    assert (bracketed.host, bracketed.authority, bracketed.https) == ("::1", "[::1]", True)


def test_media_are_in_the_data_folder_unless_said_otherwise() -> None:
    assert Settings(data=Path("/d")).media_folder == Path("/d/media")
    assert Settings(media_url="file:/srv/media").media_folder == Path("/srv/media")
    assert Settings(media_url="s3://bucket").media_folder is None


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    settings = Settings(
        database_url="postgresql://me:s3cret@h@one,two/hub?password=s3cret",
        mail_url="smtp://me:s3cret@mail.example:25",
        metrics_token="s3cret",
        media_url="s3://key:s3cret@bucket",
    )
    assert "s3cret" not in repr(settings)
    assert "one,two" in repr(settings)
    assert "mail.example:25" in repr(settings)
