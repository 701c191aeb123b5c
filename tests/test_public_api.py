"""What `import unionscreen` offers, and what it costs."""

import subprocess
import sys

import pytest

import unionscreen
from unionscreen.errors import UsageError

HEAVY = "pandas", "numpy", "pyarrow", "rich", "typer"


def imported_after(statement):
    code = f"{statement}\nimport sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_public_names_are_these():
    assert unionscreen.__all__ == [
        "Match",
        "Screening",
        "UnionScreenError",
        "__version__",
        "check",
        "check_many",
        "load_result",
        "load_unions",
        "screen",
        "write_report",
    ]


@pytest.mark.parametrize("name", unionscreen.__all__)
def test_every_public_name_is_there_and_listed(name):
    assert getattr(unionscreen, name) is not None
    assert name in dir(unionscreen)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'scream'"):
        _ = unionscreen.scream


@pytest.mark.parametrize(
    "statement",
    [
        "import unionscreen",
        "import unionscreen; unionscreen.check('Smith, Jane')",
        "import unionscreen; unionscreen.check('San Diego Police Officers Association', state='CA')",
        "import unionscreen; unionscreen.load_unions(); unionscreen.UnionScreenError",
    ],
)
def test_checking_a_name_imports_nothing_heavy(statement):
    assert imported_after(statement) == "[]"


def test_checking_no_name_is_refused():
    with pytest.raises(UsageError, match="no name"):
        unionscreen.check("  ")
