"""Who gets the digest is a list in a file; one that cannot be reached does not keep it from the others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines import digest
from pipelines.digest import Digest, Recipient, recipients, send
from pipelines.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {language: nl}", "entry 1.*mail or webhook"),
        ("- {mail: a@example.org}\n- {mail: b@example.org, webhook: 'http://x/'}", "entry 2.*mail or webhook"),
        ("- {mail: a@example.org, scope: everyone}", "entry 1.scope"),
        ("- {mail: a@example.org, langauge: nl}", "entry 1.langauge"),
        ("mail: a@example.org", "list"),
        ("- {mail: [", "DIGEST_RECIPIENTS"),
    ],
)
def test_wrong_list_names_its_entry(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=words):
        recipients(path)


def test_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nobody"):
        recipients(tmp_path / "nobody.yaml")


def test_nobody_is_written_to_without_a_list() -> None:
    assert send(Settings(), None) == []


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sent = tmp_path / "people.yaml", []
    path.write_text("- {mail: gone@example.org}\n- {webhook: 'http://hook/'}\n- {mail: here@example.org}")

    def mail(settings: Settings, to: str, *words: str) -> None:
        if to.startswith("gone"):
            raise OSError("no such mailbox")
        sent.append(to)

    monkeypatch.setattr(digest, "mail", mail)
    monkeypatch.setattr(digest, "post", lambda address, body: sent.append(address))
    monkeypatch.setattr(digest, "compose", lambda figures, recipient, address: Digest("s", "t", "<p>t</p>"))
    monkeypatch.setattr(digest, "open_figures", lambda *arguments, **options: _Opened())
    night = SimpleNamespace(company=SimpleNamespace(name="Demo", reporting_currency="EUR"), published=tmp_path)
    with pytest.raises(RuntimeError, match=r"gone@example\.org: no such mailbox"):
        send(Settings(digest_recipients=path), night)
    assert sent == ["http://hook/", "here@example.org"]


class _Opened:
    def __enter__(self) -> None: ...

    def __exit__(self, *arguments: object) -> None: ...


def test_a_recipient_is_of_the_company_unless_it_says_otherwise() -> None:
    assert Recipient(mail="a@example.org") == Recipient(mail="a@example.org", language="en", scope="company", figures=True)
