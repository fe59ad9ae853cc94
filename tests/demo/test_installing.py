"""How Prosody is got where it is missing. The package managers here are small programs that write down their calls."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_xmpp.demo import ProsodyMissing, install_prosody, installing, prosody_missing


class Machine:
    """A computer with nothing but what a test puts on its path."""

    def __init__(self, directory: Path) -> None:
        self.programs = directory / "bin"
        self.calls = directory / "calls"
        self.programs.mkdir()
        self.add("env", 'while case "$1" in *=*) true;; *) false;; esac; do shift; done; exec "$@"')

    def add(self, name: str, script: str = "") -> None:
        """Put a program on the path; it writes down how it was called, then runs the script."""
        program = self.programs / name
        noted = "" if name == "env" else f'echo "{name} $*" >> {self.calls}\n'
        program.write_text(f"#!/bin/sh\n{noted}{script}\n")
        program.chmod(0o755)

    def add_apt(self, *, works_after_update: bool = False) -> None:
        """An apt-get that installs Prosody: at once, or only with fresh lists."""
        install = f"printf '#!/bin/sh\\n' > {self.programs}/prosody; /bin/chmod 755 {self.programs}/prosody"
        if works_after_update:
            lists = self.programs / "lists"
            install = f'case "$*" in *update) : > {lists};; esac; [ -e {lists} ] || exit 100; {install}'
        self.add("apt-get", install)

    @property
    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(installing, "_SYSTEMD", tmp_path / "no-systemd")
    return made


def answering(answer: bool, questions: list[str]) -> Callable[[str], bool]:
    def ask(question: str) -> bool:
        questions.append(question)
        return answer

    return ask


def never(question: str) -> bool:
    raise AssertionError(f"asked: {question}")


def test_where_it_is_installed_nothing_is_asked_or_done(machine: Machine) -> None:
    machine.add("prosody")
    assert not prosody_missing()
    install_prosody(yes=False, ask=never)
    assert machine.called == []


def test_it_is_installed_with_apt_after_asking(machine: Machine) -> None:
    machine.add_apt()
    assert prosody_missing()
    questions: list[str] = []
    install_prosody(yes=False, ask=answering(True, questions))
    assert len(questions) == 1
    assert "apt-get install prosody" in questions[0]
    assert not prosody_missing()


def test_with_yes_nothing_is_asked(machine: Machine) -> None:
    machine.add_apt()
    install_prosody(yes=True, ask=never)
    assert machine.called == ["apt-get --yes --quiet install --no-install-recommends prosody"]


def test_lists_that_are_out_of_date_are_fetched(machine: Machine) -> None:
    machine.add_apt(works_after_update=True)
    install_prosody(yes=True, ask=never)
    assert [call.split()[3] for call in machine.called] == ["install", "update", "install"]


def test_the_service_that_comes_with_the_package_is_turned_off(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installing, "_SYSTEMD", tmp_path)
    machine.add_apt()
    machine.add("systemctl")
    install_prosody(yes=True, ask=never)
    assert machine.called[-1] == "systemctl --quiet disable --now prosody"


def test_who_is_not_root_goes_through_sudo(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.add_apt()
    with pytest.raises(ProsodyMissing, match="As root: apt install prosody"):
        install_prosody(yes=True, ask=never)
    machine.add("sudo", 'exec "$@"')
    install_prosody(yes=True, ask=never)
    assert machine.called[0].startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get")


def test_a_no_is_respected(machine: Machine) -> None:
    machine.add_apt()
    with pytest.raises(ProsodyMissing, match="To install it yourself: apt-get install prosody"):
        install_prosody(yes=False, ask=answering(False, []))
    assert machine.called == []


def test_an_installation_that_fails_is_said(machine: Machine) -> None:
    machine.add("apt-get", "exit 100")
    with pytest.raises(ProsodyMissing, match="could not be installed"):
        install_prosody(yes=True, ask=never)


@pytest.mark.parametrize(
    ("program", "hint"),
    [("brew", "brew install prosody"), ("dnf", "sudo dnf install prosody"), ("", r"prosody\.im/download")],
)
def test_elsewhere_a_line_says_how_to_get_it(machine: Machine, program: str, hint: str) -> None:
    if program:
        machine.add(program)
    with pytest.raises(ProsodyMissing, match=hint):
        install_prosody(yes=True, ask=never)
    assert machine.called == []
