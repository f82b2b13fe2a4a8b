"""What a user of `posecheck check` sees: words, exit codes, streams."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from posecheck.errors import ModelError
from posecheck.results import Level, PhotoResult, Status
from tests.cli.conftest import Cli, FakeChecker
from tests.report import photos

Files = Callable[..., None]


def low() -> PhotoResult:
    return photos.doubtful()


def medium() -> PhotoResult:
    return photos.photo(photos.thumb(), risk=71.0, level=Level.MEDIUM)


def nan() -> PhotoResult:
    return replace(photos.clean(), risk=float("nan"))


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([photos.clean()], 0),
        ([low()], 0),
        ([medium()], 1),
        ([photos.group()], 1),
        ([photos.unchecked()], 3),
        ([photos.clean(), photos.group()], 1),
        ([photos.group(), photos.unchecked()], 3),
        ([photos.clean(), photos.unchecked(Status.TOO_LARGE)], 3),
        ([ValueError("an unforeseen fault")], 3),
        ([nan()], 3),
        ([MemoryError()], 3),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_exit_codes(
    cli: Cli, fake: FakeChecker, files: Files, answers: list[PhotoResult], code: int, form: str
) -> None:
    names = [f"{n}.jpg" for n in range(len(answers))]
    files(*names)
    fake.answers.update(zip(names, answers, strict=True))
    assert cli("check", *names, "--format", form).code == code


@pytest.mark.parametrize(("level", "code"), [("low", 1), ("medium", 0), ("high", 0)])
def test_fail_on_sets_where_found_begins(
    cli: Cli, fake: FakeChecker, files: Files, level: str, code: int
) -> None:
    files("a.jpg")
    fake.answers["a.jpg"] = low()
    assert cli("check", "a.jpg", "--fail-on", level).code == code


def test_one_photo_gets_a_verdict_and_no_summary(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("foto.jpg")
    fake.answers["foto.jpg"] = photos.group()
    outcome = cli("check", "foto.jpg")
    assert outcome.out.startswith("foto.jpg\n  Ada gestur yang menyerupai nomor 1 dan 2.")
    assert "Ringkasan" not in outcome.out
    assert outcome.err == ""
    assert "\x1b" not in outcome.out


def test_several_photos_get_a_block_each_and_a_summary(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    files("a.jpg", "b.jpg", "c.jpg")
    fake.answers.update({"a.jpg": photos.group(), "b.jpg": photos.unchecked()})
    out = cli("check", "a.jpg", "b.jpg", "c.jpg").out
    blocks = out.split("\n\n")
    assert [block.splitlines()[0] for block in blocks[:3]] == ["a.jpg", "b.jpg", "c.jpg"]
    assert blocks[3].startswith("Ringkasan: 2 dari 3 berkas sudah diperiksa.")
    # Found and not checked are both told, though the exit code can only say one.
    assert "Kemiripan tinggi: 1" in blocks[3]
    assert "Belum diperiksa: 1" in blocks[3]


def test_quiet_is_a_line_each_and_the_summary(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["a.jpg"] = photos.group()
    lines = cli("check", "-q", "a.jpg", "b.jpg").out.splitlines()
    assert lines[0].startswith("a.jpg: Ada gestur yang menyerupai")
    assert lines[1].startswith("b.jpg: Tidak ditemukan gestur yang menyerupai")
    assert lines[3].startswith("Ringkasan")


def test_json_is_one_array(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["a.jpg"] = photos.group()
    outcome = cli("check", "a.jpg", "b.jpg", "--format", "json")
    records = json.loads(outcome.out)
    assert [record["path"] for record in records] == ["a.jpg", "b.jpg"]
    assert records[0]["schema"] == "posecheck/1"
    assert "1 foto memuat gestur yang menyerupai" in outcome.err


def test_json_of_one_photo_is_an_array_too(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg")
    assert len(json.loads(cli("check", "a.jpg", "--format", "json").out)) == 1


def test_jsonl_is_one_object_a_line(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["b.jpg"] = photos.unchecked()
    outcome = cli("check", "a.jpg", "b.jpg", "--format", "jsonl")
    lines = [json.loads(line) for line in outcome.out.splitlines()]
    assert [line["status"] for line in lines] == ["checked", "unreadable"]
    assert "1 foto belum diperiksa; jangan dianggap bersih." in outcome.err


def test_an_unforeseen_fault_costs_one_photo(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["a.jpg"] = ZeroDivisionError("boom")
    outcome = cli("check", "a.jpg", "b.jpg", "--format", "jsonl")
    first, second = (json.loads(line) for line in outcome.out.splitlines())
    assert (first["status"], first["reason"]) == ("error", "ZeroDivisionError: boom")
    assert first["risk"] is None and first["contest"] == "generic" and first["rules"] == "strict"
    assert second["status"] == "checked"
    assert "Traceback" not in outcome.err
    assert "Traceback" in cli("check", "-v", "a.jpg").err


def test_a_result_with_a_missing_number_is_not_clean(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    files("a.jpg")
    fake.answers["a.jpg"] = nan()
    out = cli("check", "a.jpg").out
    assert "BELUM DIPERIKSA" in out
    assert "Tidak ditemukan" not in out


def test_a_broken_installation_ends_the_run(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["a.jpg"] = ModelError("gesture.onnx is not the right file", "Reinstall.")
    outcome = cli("check", "a.jpg", "b.jpg")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "gesture.onnx is not the right file" in outcome.err
    assert "Saran: Reinstall." in outcome.err


def test_interrupted_jsonl_keeps_whole_lines(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg", "c.jpg")
    fake.answers["b.jpg"] = KeyboardInterrupt()
    outcome = cli("check", "a.jpg", "b.jpg", "c.jpg", "--format", "jsonl")
    assert outcome.code == 130
    assert [json.loads(line)["path"] for line in outcome.out.splitlines()] == ["a.jpg"]
    assert "Dihentikan: 1 dari 3 foto sudah diperiksa" in outcome.err


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_interrupted_files_are_not_there(
    cli: Cli, fake: FakeChecker, files: Files, form: str
) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["b.jpg"] = KeyboardInterrupt()
    outcome = cli("check", "a.jpg", "b.jpg", "--format", form, "--output", "hasil")
    assert outcome.code == 130
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["a.jpg", "b.jpg"]


def test_interrupted_json_prints_no_half_array(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["b.jpg"] = KeyboardInterrupt()
    assert cli("check", "a.jpg", "b.jpg", "--format", "json").out == ""


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_output_goes_to_a_file_and_words_to_stderr(
    cli: Cli, fake: FakeChecker, files: Files, form: str
) -> None:
    files("a.jpg", "b.jpg")
    fake.answers["a.jpg"] = photos.group()
    outcome = cli("check", "a.jpg", "b.jpg", "--format", form, "-o", "hasil")
    assert outcome.code == 1
    assert outcome.out == ""
    assert "Hasil disimpan di hasil" in outcome.err
    assert "1 foto memuat gestur yang menyerupai" in outcome.err
    assert cli("check", "a.jpg", "b.jpg", "--format", form).out == Path("hasil").read_text("utf-8")


def test_a_report_never_takes_the_place_of_a_photo(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    files("a.jpg", "lain.png", "tanpa-akhiran")
    before = {path.name: path.read_bytes() for path in Path.cwd().iterdir()}
    for output in ("a.jpg", "lain.png", "baru.JPG", "tanpa-akhiran"):
        outcome = cli("check", "a.jpg", "tanpa-akhiran", "--output", output)
        assert outcome.code == 2, output
        assert "--annotate" in outcome.err
    assert {path.name: path.read_bytes() for path in Path.cwd().iterdir()} == before
    assert fake.seen == []


def test_an_output_that_cannot_be_written_is_fatal(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    files("a.jpg")
    outcome = cli("check", "a.jpg", "--output", "tidak/ada/hasil.txt")
    assert outcome.code == 2
    assert "Hasil tidak bisa disimpan" in outcome.err
    assert fake.seen == [], "no work is done for nothing"


def test_a_folder_is_searched(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("album/b.jpg", "album/a.png", "album/dalam/c.webp")
    records = json.loads(cli("check", "album", "--format", "json").out)
    names = [Path(record["path"]).as_posix() for record in records]
    assert sorted(names) == ["album/a.png", "album/b.jpg", "album/dalam/c.webp"]


def test_a_folder_named_twice_is_checked_once(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("album/a.png", "album/dalam/c.webp")
    lines = cli("check", "album", "album/dalam", "--format", "jsonl").out.splitlines()
    assert len(lines) == 2


def test_an_empty_folder_is_never_nothing_found(cli: Cli, fake: FakeChecker) -> None:
    Path("kosong").mkdir()
    for form in ("text", "json", "jsonl"):
        outcome = cli("check", "kosong", "--format", form)
        assert outcome.code == 2
        assert outcome.out == ""
        assert "Tidak ada foto di kosong" in outcome.err


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes, terminal: bool = False) -> None:
    stream = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stdin", stream)


def test_a_photo_can_come_from_stdin(
    cli: Cli, fake: FakeChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, b"the bytes")
    record = json.loads(cli("check", "-", "--format", "jsonl").out)
    assert fake.seen == [b"the bytes"]
    assert record["path"] == "-"


def test_stdin_is_not_read_twice_or_from_a_keyboard(
    cli: Cli, fake: FakeChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, b"the bytes")
    assert cli("check", "-", "-").code == 2
    stdin(monkeypatch, b"", terminal=True)
    outcome = cli("check", "-")
    assert outcome.code == 2
    assert "posecheck check - < foto.jpg" in outcome.err


def test_contest_rules_and_backend_reach_the_checker(
    cli: Cli, fake: FakeChecker, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files("a.jpg")
    cli("check", "a.jpg")
    assert (fake.contest.id, fake.rules.id, fake.backend) == ("generic", "strict", "onnx")
    monkeypatch.setenv("POSECHECK_CONTEST", "pilkada")
    Path("posecheck.toml").write_text('rules = "bkn"\nbackend = "mediapipe"\n', "utf-8")
    cli("check", "a.jpg", "--backend", "onnx")
    assert (fake.contest.id, fake.rules.id, fake.backend) == ("pilkada", "bkn", "onnx")
    cli("check", "a.jpg", "--contest", "pemilu-2024", "--rules", "jateng")
    assert (fake.contest.id, fake.rules.id, fake.backend) == (
        "pemilu-2024",
        "jateng",
        "mediapipe",
    )


def test_the_runtime_reaches_the_checker(
    cli: Cli, fake: FakeChecker, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files("a.jpg")
    cli("check", "a.jpg")
    assert fake.runtime == "onnxruntime"
    monkeypatch.setenv("POSECHECK_RUNTIME", "auto")
    cli("check", "a.jpg")
    assert fake.runtime == "auto"
    cli("check", "a.jpg", "--runtime", "openvino")
    assert fake.runtime == "openvino"


def test_fail_on_comes_from_settings_too(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg")
    fake.answers["a.jpg"] = low()
    Path("posecheck.toml").write_text('fail_on = "low"\n', "utf-8")
    assert cli("check", "a.jpg").code == 1
    assert cli("check", "a.jpg", "--fail-on", "high").code == 0


def test_a_malformed_settings_file_is_refused_with_its_line(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    files("a.jpg")
    Path("posecheck.toml").write_text('rules = "bkn"\nkontes = 3\n', "utf-8")
    outcome = cli("check", "a.jpg")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "posecheck.toml" in outcome.err and "2" in outcome.err
    assert cli("check", "--help").code == 0


def test_colour_is_for_terminals_and_never_with_no_color(
    cli: Cli,
    fake: FakeChecker,
    files: Files,
    terminal: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files("a.jpg")
    fake.answers["a.jpg"] = photos.group()
    assert "\x1b[" not in cli("check", "a.jpg").out
    terminal("stdout")
    assert "\x1b[" in cli("check", "a.jpg").out
    assert "\x1b[" not in cli("check", "a.jpg", "--format", "json").out
    cli("check", "a.jpg", "-o", "hasil.txt")
    assert "\x1b[" not in Path("hasil.txt").read_text("utf-8")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in cli("check", "a.jpg").out
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("check", "a.jpg").out


def test_progress_is_for_terminals_and_leaves_nothing_behind(
    cli: Cli, fake: FakeChecker, files: Files, terminal: Callable[..., None]
) -> None:
    files("a.jpg", "b.jpg")
    assert cli("check", "a.jpg", "b.jpg").err == ""
    terminal("stderr")
    outcome = cli("check", "a.jpg", "b.jpg")
    assert "Memeriksa 2/2: b.jpg" in outcome.err
    assert outcome.err.endswith("\r")
    assert "Memeriksa" not in outcome.out
    assert cli("check", "-q", "a.jpg", "b.jpg").err == ""


def test_names_that_are_no_unicode_are_checked_and_printed(
    cli: Cli, fake: FakeChecker, files: Files
) -> None:
    name = b"foto-\xff.jpg".decode("utf-8", "surrogateescape")
    try:
        files(name)
    except (OSError, UnicodeError):
        pytest.skip("the file system takes Unicode names only")
    assert r"foto-\udcff.jpg" in cli("check", name).out
    record = json.loads(cli("check", name, "--format", "jsonl").out)
    assert record["path"] == name


def test_results_come_as_soon_as_they_are_there(
    cli: Cli, fake: FakeChecker, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files("a.jpg", "b.jpg")
    seen: list[str] = []
    check = fake.check

    def watching(photo: object) -> PhotoResult:
        sys.stdout.flush()
        captured = sys.stdout.buffer
        assert isinstance(captured, io.BytesIO)
        seen.append(captured.getvalue().decode())
        return check(photo)

    monkeypatch.setattr(fake, "check", watching)
    cli("check", "a.jpg", "b.jpg", "--format", "jsonl")
    assert seen[0] == ""
    assert json.loads(seen[1])["path"] == "a.jpg"
