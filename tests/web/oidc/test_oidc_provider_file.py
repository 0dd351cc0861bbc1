"""The file in which the operator names providers: what it may say, and how it is refused."""

from __future__ import annotations

import pytest
from local_provider import FILE

from chokepoint.model.errors import NotValidError
from chokepoint.web.serve import Listening, prepare
from chokepoint.web.signin.oidc.provider import MOST, Provider, read_providers


@pytest.fixture
def reading(tmp_path):
    """Write the file of a folder, and read its providers."""

    def write(text, environment=None, mode=0o600):
        path = tmp_path / "sign-in.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return read_providers(tmp_path, environment or {})

    return write


def entry(**values):
    """The text of one provider, some of whose values are others; None leaves one out."""
    given = {"issuer": "https://login.test", "client_id": "desk", "secret": "s"} | values
    lines = (f"{key} = {value!r}" for key, value in given.items() if value is not None)
    return "[provider.work]\n" + "\n".join(lines).replace("True", "true")


def test_without_a_file_there_are_no_providers(tmp_path):
    assert read_providers(tmp_path, {}) == ()


def test_each_table_is_a_provider_in_the_order_of_the_file(reading):
    assert reading(FILE) == (
        Provider(
            name="work",
            label="Work & <Co>",
            issuer="https://login.work.test",
            client="desk",
            secret="quiet secret",
        ),
        Provider(
            name="club", label="club", issuer="https://club.test/realm", client="desk", secret="quiet secret"
        ),
    )


def test_no_secret_is_shown_when_a_provider_is_printed(reading):
    assert "quiet secret" not in repr(reading(FILE))


def test_a_secret_may_come_from_the_environment(reading):
    text = entry(secret=None, secret_env="WORK_SECRET")
    assert reading(text, {"WORK_SECRET": "from outside"})[0].secret == "from outside"


def test_the_environment_may_name_another_file(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(entry())
    other.chmod(0o600)
    assert read_providers(tmp_path / "atlas", {"CHOKEPOINT_SIGN_IN": str(other)})[0].name == "work"
    with pytest.raises(NotValidError, match="no such file"):
        read_providers(tmp_path, {"CHOKEPOINT_SIGN_IN": str(tmp_path / "absent.toml")})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o644], ids=oct)
def test_a_file_that_others_may_read_or_write_is_refused(reading, mode):
    with pytest.raises(NotValidError, match="others may read it") as error:
        reading(FILE, mode=mode)
    assert error.value.mend == "chmod 600"


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.test",
        "https://login.test/",
        "https://login.test:8443/realms/a",
        "http://localhost:9000",
        "http://127.0.0.1:9000/x",
        "http://[::1]:9000",
    ],
)
def test_an_issuer_is_kept_to_the_letter(reading, issuer):
    assert reading(entry(issuer=issuer))[0].issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.test",
        "http://localhost.evil.test",
        "http://127.0.0.1.evil.test",
        "ftp://localhost",
        "login.test",
        "https://",
        "https://user:word@login.test",
        "https://login.test?x=1",
        "https://login.test#x",
        "https://login.test:port",
        "https://login.test/a b",
        "https://lоgin.test",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_issuer_is_refused(reading, issuer):
    with pytest.raises(NotValidError, match="no issuer") as error:
        reading(entry(issuer=issuer))
    assert "provider.work" in error.value.place


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "does not hold providers", id="empty"),
        pytest.param("[provider]", "does not hold providers", id="no provider"),
        pytest.param("provider = 1", "does not hold providers", id="a number"),
        pytest.param(entry() + "\n[more]", "does not hold providers", id="something else beside"),
        pytest.param("[provider", "no TOML", id="half a line"),
        pytest.param(b"\xff\xfe", "no TOML", id="no text"),
        pytest.param("[provider]\nwork = 1", "names no provider", id="a provider that is a number"),
        pytest.param('[provider."a/b"]\nissuer = "x"', "names no provider", id="a slash in the name"),
        pytest.param('[provider."A"]\nissuer = "x"', "names no provider", id="capitals in the name"),
        pytest.param('[provider."é"]\nissuer = "x"', "names no provider", id="a letter of another script"),
        pytest.param('[provider.""]\nissuer = "x"', "names no provider", id="no name"),
        pytest.param(f"[provider.{'a' * 33}]\nissuer = 'x'", "names no provider", id="a long name"),
        pytest.param(entry(issuer=None), "no issuer", id="no issuer"),
        pytest.param(entry(client_id=None), "no client_id", id="no client"),
        pytest.param(entry(client_id=" "), "no client_id", id="a blank client"),
        pytest.param(entry(secret=""), "empty or no text", id="an empty secret"),
        pytest.param(entry(label=True), "empty or no text", id="a label that is no text"),
        pytest.param(entry(scope="openid email"), "'scope' means nothing", id="an unknown field"),
        pytest.param(entry(secret_env="X"), "not in the environment", id="two secrets"),
        pytest.param(entry(secret=None, secret_env="X"), "not in the environment", id="an absent variable"),
        pytest.param(
            entry() + "\n" + entry().replace("work", "club"), "same issuer", id="two providers of one issuer"
        ),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_its_place_and_mend(reading, tmp_path, text, reason):
    with pytest.raises(NotValidError, match=reason) as error:
        reading(text)
    assert str(tmp_path / "sign-in.toml") in error.value.place
    assert error.value.mend
    assert "'s'" not in str(error.value), "a secret is no part of an error"


@pytest.mark.parametrize(("count", "fits"), [(MOST, True), (MOST + 1, False)])
def test_a_desk_has_so_many_providers_at_most(reading, count, fits):
    tables = (entry(issuer=f"https://p{i}.test").replace("work", f"p{i}") for i in range(count))
    text = "\n".join(tables)
    if fits:
        assert len(reading(text)) == count
    else:
        with pytest.raises(NotValidError, match="does not hold providers"):
            reading(text)


def test_serve_reads_the_file_before_it_listens(abroad):
    listening = Listening(host="127.0.0.1", port=8765, origin="", workers=1)
    assert prepare(abroad.web.atlas, listening).address == "http://localhost:8765"
    (abroad.web.atlas.folder / "sign-in.toml").write_text("[provider")
    with pytest.raises(NotValidError, match="no TOML"):
        prepare(abroad.web.atlas, listening)
