"""The wheel and the sdist hold what they should, and both work when pip, pipx and uv install them into a clean folder.

Nothing is fetched. In place of each dependency a wheel without content is installed, of the version that runs these
tests. So the installers resolve what the package asks for as they always do; only the modules are those of this Python.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from email.parser import Parser
from importlib.metadata import distributions
from pathlib import Path

import pytest

from unionscreen import __version__

ROOT = Path(__file__).resolve().parents[1]
WHEEL = f"unionscreen-{__version__}-py3-none-any.whl"
SDIST = f"unionscreen-{__version__}.tar.gz"
INFO = f"unionscreen-{__version__}.dist-info"
MAN = f"unionscreen-{__version__}.data/data/share/man/man1/unionscreen.1"
# What the sdist takes from the root; all other files there are about this checkout, or about CI.
PACKED = ["src", "data", "man", "examples", "tests", "tools", "docs", "benchmarks"]
PACKED_FILES = {
    ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "PKG-INFO", "README.md",
    "hatch_build.py", "pyproject.toml",
}  # fmt: skip
HIDDEN = re.compile(r"(^|/)(\.|__pycache__/)|\.py[co]$|\.library$")


def files_of(folder: Path) -> Iterator[str]:
    """The files below a folder of the checkout, as paths from its root; without hidden and compiled ones."""
    for path in folder.rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and not HIDDEN.search(name):
            yield name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist. The wheel is that for every platform, without the library in C."""
    folder = tmp_path_factory.mktemp("dist")
    command = (sys.executable, "-m", "hatchling", "build", "-d", folder, "-t", "sdist", "-t", "wheel")
    run(*command, cwd=ROOT, env={**os.environ, "UNIONSCREEN_PURE": "1"})
    return folder


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None, code: int = 0) -> str:
    done = subprocess.run([str(each) for each in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_the_package_its_data_and_the_man_page_and_nothing_else(built: Path) -> None:
    source = {name.removeprefix("src/") for name in files_of(ROOT / "src" / "unionscreen")}
    data = {f"unionscreen/{name}" for name in files_of(ROOT / "data")}
    about = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    with zipfile.ZipFile(built / WHEEL) as wheel:
        assert set(wheel.namelist()) == source | data | about | {MAN}
        assert wheel.read(f"{INFO}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        metadata = Parser().parsestr(wheel.read(f"{INFO}/METADATA").decode())
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    # One of each kind of file that a package is built without by mistake.
    for name in ("py.typed", "serve/page/index.html", "filings/formats/fec-itcont.toml", "data/unions.csv"):
        assert f"unionscreen/{name}" in source | data


def test_the_sdist_holds_what_its_tests_and_its_build_need_and_nothing_else(built: Path) -> None:
    with tarfile.open(built / SDIST) as sdist:
        names = {member.name.partition("/")[2] for member in sdist if member.isfile()}
        assert all(member.isfile() for member in sdist)  # no link that leads out of it
    folders = {name for folder in PACKED for name in files_of(ROOT / folder)}
    assert names == folders | PACKED_FILES


def test_the_version_stands_in_one_place_and_has_an_entry_in_the_changelog() -> None:
    written = "src/unionscreen/_version.py"
    assert f'"{__version__}"' in (ROOT / written).read_text(encoding="utf-8")
    others = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")
    assert [name for name in others if __version__ in (ROOT / name).read_text(encoding="utf-8")] == []
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(__version__)}\] - \d{{4}}-\d\d-\d\d", headings[1])


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel for each package of this Python: its name and version, and a path to the real modules."""
    folder, modules = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("modules")
    for installed in {Path(sysconfig.get_path(scheme)) for scheme in ("purelib", "platlib")}:
        for entry in installed.iterdir():
            if entry.suffix not in (".dist-info", ".pth") and "unionscreen" not in entry.name:
                (modules / entry.name).symlink_to(entry)
    for each in distributions():
        name = re.sub(r"[-_.]+", "_", each.metadata["Name"]).lower()
        if name == "unionscreen":
            continue
        stem = f"{name}-{each.version}"
        about = f"{stem}.dist-info"
        content = {
            f"{name}_of_the_tests.pth": f"{modules}\n",
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {each.metadata['Name']}\nVersion: {each.version}\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        content[f"{about}/RECORD"] = "".join(f"{file},,\n" for file in (*content, f"{about}/RECORD"))
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            for file, text in content.items():
                wheel.writestr(file, text)
    return folder


# Each installs a package below a folder, with the command in its `bin`, and returns the Python that runs the command.
def pip(package: Path, home: Path, env: dict[str, str]) -> Path:
    run(sys.executable, "-m", "venv", home / "venv", cwd=home, env=env)
    run(home / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-compile", package, cwd=home, env=env)
    (home / "bin").symlink_to(home / "venv/bin")
    return home / "venv/bin/python"


def pipx(package: Path, home: Path, env: dict[str, str]) -> Path:
    run(tool("pipx"), "install", "--python", sys.executable, package, cwd=home, env=env)
    assert (home / "share/man/man1/unionscreen.1").exists()  # pipx puts the man page where `man` finds it
    return home / "pipx/venvs/unionscreen/bin/python"


def uv(package: Path, home: Path, env: dict[str, str]) -> Path:
    run(tool("uv"), "tool", "install", "--python", sys.executable, package, cwd=home, env=env)
    return home / "tools/unionscreen/bin/python"


def tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{name} is not beside this Python: the extra dev brings it")
    return found


@pytest.mark.parametrize("name", [WHEEL, SDIST], ids=["wheel", "sdist"])
@pytest.mark.parametrize("install", [pip, pipx, uv])
def test_the_main_commands_run_where_it_is_installed(
    built: Path,
    dependencies: Path,
    tmp_path: Path,
    install: Callable[[Path, Path, dict[str, str]], Path],
    name: str,
) -> None:
    for folder in ("home", "desk"):
        (tmp_path / folder).mkdir()
    home, desk = tmp_path / "home", tmp_path / "desk"
    env = {
        "PATH": os.environ.get("PATH", ""), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(dependencies), "PIP_CONFIG_FILE": os.devnull,
        "PIPX_HOME": str(home / "pipx"), "PIPX_BIN_DIR": str(home / "bin"), "PIPX_MAN_DIR": str(home / "share/man"),
        "PIPX_DISABLE_SHARED_LIBS_AUTO_UPGRADE": "1",
        "PIPX_DEFAULT_BACKEND": "pip" if name == WHEEL else "uv",  # it has two
        "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(dependencies), "UV_NO_CONFIG": "1", "UV_OFFLINE": "1",
        "UV_TOOL_DIR": str(home / "tools"), "UV_TOOL_BIN_DIR": str(home / "bin"), "UV_PYTHON_DOWNLOADS": "never",
    }  # fmt: skip
    python = install(built / name, home, env)
    asked = "import unionscreen; print(unionscreen.__file__)"
    assert run(python, "-c", asked, cwd=desk, env=env).startswith(str(home))
    shutil.copy(ROOT / "examples" / "netfile-avery.csv", desk / "filing.csv")
    command = home / "bin" / "unionscreen"
    assert f"unionscreen {__version__} (" in run(command, "--version", cwd=desk, env=env)
    screen = ("screen", "filing.csv", "--quiet")
    report = run(command, *screen, cwd=desk, env=env)
    assert report == run(sys.executable, "-m", "unionscreen", *screen, cwd=desk, env=env)
    assert "$12,650.00 net" in report
    answers = run(command, "check", "San Deigo Police Offcers Assn PAC", "Lodge, Harriet", cwd=desk, env=env, code=1)
    assert re.findall(r"^\w+", answers, re.MULTILINE) == ["union", "clear"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the wheel is built from, with a library that somebody compiled before."""
    for name in ("src", "data", "man"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.library"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "src/unionscreen/_loops.library").write_bytes(b"compiled before")
    return tmp_path


def test_without_a_working_compiler_the_wheel_is_built_for_every_platform(checkout: Path) -> None:
    build = (sys.executable, "-m", "hatchling", "build", "-d", "dist", "-t", "wheel")
    done = subprocess.run(build, cwd=checkout, env={**os.environ, "CC": "false"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "the optional library in C is not compiled" in done.stdout + done.stderr
    with zipfile.ZipFile(checkout / "dist" / WHEEL) as wheel:
        assert [name for name in wheel.namelist() if name.endswith(".library")] == []


def test_a_wheel_for_every_platform_leaves_the_library_of_the_checkout(checkout: Path) -> None:
    env = {**os.environ, "UNIONSCREEN_PURE": "1"}
    run(sys.executable, "-m", "hatchling", "build", "-d", "dist", "-t", "wheel", cwd=checkout, env=env)
    assert (checkout / "src/unionscreen/_loops.library").read_bytes() == b"compiled before"
    with zipfile.ZipFile(checkout / "dist" / WHEEL) as wheel:
        assert [name for name in wheel.namelist() if name.endswith(".library")] == []
