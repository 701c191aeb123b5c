"""Compiles the optional library of ``unionscreen.compiled`` when the package is built or installed.

Without a compiler, or with ``UNIONSCREEN_PURE=1``, the package is pure Python, and its results are the same.
"""

from __future__ import annotations

import hashlib
import os
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FUNCTIONS = ["source_sha256", "look_over", "split", "read_cents", "find_pieces"]


def compile_library(source: Path, target: Path) -> None:
    """Compile the C source to a library that ctypes can load.

    Raises:
        Exception: whatever setuptools raises where there is no compiler, or where it fails.
    """
    from distutils.ccompiler import new_compiler
    from distutils.sysconfig import customize_compiler

    import setuptools  # noqa: F401 - brings distutils to Python 3.12 and later

    compiler = new_compiler()
    customize_compiler(compiler)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    flags = ["/O2"] if compiler.compiler_type == "msvc" else ["-O3", "-fPIC"]
    with tempfile.TemporaryDirectory() as folder:
        objects = compiler.compile(
            [source.name], output_dir=folder, macros=[("SOURCE_SHA256", f'"{digest}"')], extra_preargs=flags
        )
        built = Path(folder) / target.name
        compiler.link_shared_object(objects, str(built), export_symbols=FUNCTIONS)
        target.unlink(missing_ok=True)  # a process may have loaded the old one
        target.write_bytes(built.read_bytes())


class CompiledLoops(BuildHookInterface):
    """The hook that hatchling finds in this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the library next to its source; a wheel with it is for this platform."""
        source = Path(self.root) / "src" / "unionscreen" / "_loops.c"
        target = source.with_suffix(".library")
        if os.environ.get("UNIONSCREEN_PURE") == "1":
            self.app.display_info("UNIONSCREEN_PURE=1: the library in C is not compiled")
            if version == "editable":  # a wheel takes it only where it is named below, and the checkout may use it
                target.unlink(missing_ok=True)
            return
        here = Path.cwd()
        try:
            os.chdir(source.parent)  # distutils puts objects in folders named after the path of their source
            compile_library(source, target)
        except Exception as error:  # noqa: BLE001 - installing never fails for a library that only saves time
            target.unlink(missing_ok=True)
            self.app.display_warning(f"the optional library in C is not compiled, bulk reading is slower: {error}")
            return
        finally:
            os.chdir(here)
        build_data["artifacts"].append(f"src/unionscreen/{target.name}")
        if version != "editable":
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"
