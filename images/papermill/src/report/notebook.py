"""Runs a notebook and stores what comes of it."""

import os
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_runtime_dir
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from upath import UPath

from report.errors import NotYetError, ReportError

NOTHING_TO_REPORT = "NothingToReport"
"""Name of the exception by which a notebook says that its data is not there yet."""


def run(notebook: Path, name: str, parameters: Mapping[str, str]) -> None:
    """
    Runs the notebook with these parameters and stores it and its page under DATA_URI/reports.

    Raises:
        NotYetError: for a notebook that raises NothingToReport.
        ReportError: for a notebook or parameter that does not exist, a cell that fails, a store that refuses.
    """
    folder = _reports()
    _check(notebook, parameters)
    with tempfile.TemporaryDirectory() as scratch:
        executed = Path(scratch) / "executed.ipynb"
        try:
            _execute(notebook, executed, parameters)
        except PapermillExecutionError as error:
            if error.ename == NOTHING_TO_REPORT:
                raise NotYetError(f"{notebook.name} has nothing to report yet: {error.evalue}") from None
            # What ran until then shows why.
            failed = _store(folder / f"{name}.failed.ipynb", executed.read_text(encoding="utf-8"))
            reason = f"{error.ename}: {error.evalue}"
            raise ReportError(f"{notebook.name} failed with {reason} (see {failed})") from None
        text = executed.read_text(encoding="utf-8")
    for suffix, content in (("html", page(nbformat.reads(text, as_version=4))), ("ipynb", text)):
        print(_store(folder / f"{name}.{suffix}", content))


def _execute(notebook: Path, executed: Path, parameters: Mapping[str, str]) -> None:
    try:
        papermill.execute_notebook(
            notebook,
            executed,
            parameters=dict(parameters),
            kernel_name="python3",
            kernel_manager_class=_KernelManager,
            progress_bar=False,
        )
    except RuntimeError as error:
        raise ReportError(f"{notebook.name} lost its kernel ({error}), perhaps for lack of memory") from None


class _KernelManager(AsyncKernelManager):
    """Talks to the kernel through sockets in its user's own folder, which need no encryption as ports do."""

    def _transport_default(self) -> str:
        return "ipc"

    def _ip_default(self) -> str:
        # Jupyter's own default is the working directory, which is read-only in a pod.
        folder = Path(jupyter_runtime_dir())
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder / f"kernel-{uuid.uuid4().hex[:8]}")


def page(notebook: NotebookNode) -> str:
    """The notebook as one HTML page: texts, tables and figures, no code, nothing loaded from elsewhere."""
    exporter = HTMLExporter(
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
        mathjax_url="",
        require_js_url="",
        mermaid_js_url="",
        widget_renderer_url="",
        jupyter_widgets_base_url="",
    )
    html, _ = exporter.from_notebook_node(notebook)
    return str(html)


def _reports() -> UPath:
    uri = os.environ.get("DATA_URI", "")
    if not uri:
        raise ReportError(
            "DATA_URI is not set: it is where the project's data is, for example s3://projects/pageviews or "
            "file:///data, and comes from the project's ConfigMap"
        )
    return UPath(uri) / "reports"


def _check(notebook: Path, parameters: Mapping[str, str]) -> None:
    if not notebook.is_file():
        there = ", ".join(sorted(file.name for file in notebook.parent.glob("*.ipynb"))) or "no notebook"
        raise ReportError(f"{notebook} does not exist: its folder holds {there}")
    known = papermill.inspect_notebook(str(notebook))
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        has = ", ".join(sorted(known)) or "none"
        raise ReportError(f"{notebook.name} has no parameter {', '.join(unknown)}: it has {has}")


def _store(file: UPath, content: str) -> UPath:
    try:
        if file.protocol in ("", "file", "local"):
            file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    # Each store raises errors of its own: OSError, botocore's, gcsfs's.
    except Exception as error:
        reason = " ".join(str(error).split())
        raise ReportError(f"{file} cannot be written: {type(error).__name__}: {reason}") from None
    return file
