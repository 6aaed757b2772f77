"""A notebook that is shipped, run from its first cell to its last by Jupyter's own program for it."""
import base64
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from checks import LESSON, check


def executed(cells):
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "rs4", "display_name": "RS4", "language": "rs4"}},
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120).execute()
    nbformat.validate(notebook)
    return notebook


@check
def nbclient_runs_the_shipped_lesson(program, folder):
    notebook = nbformat.read(LESSON, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "rs4"
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code"), "the lesson is shipped without outputs"
    begun = time.monotonic()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [output for output in outputs if output.output_type == "error"]
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2 and all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures), len(pictures)
    assert any("image/svg+xml" in output.get("data", {}) for output in outputs)
    # What was redrawn is one output, and its last form.
    lines = [output.data["text/plain"] for output in outputs if output.output_type == "display_data" and "registered" in output.data.get("text/plain", "")]
    assert len(lines) == 1 and "6 of 6" in lines[0], lines
    print(f"        {len(code)} cells in {time.monotonic() - begun:.1f} s")


@check
def nbclient_tells_a_failing_cell(program, folder):
    try:
        executed(["let a = 1", "a // 0", "let never = 1"])
    except CellExecutionError as problem:
        assert problem.ename == "value" and "cell 2:1:" in str(problem), problem
    else:
        raise AssertionError("nothing failed")
