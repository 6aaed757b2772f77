"""JupyterLab in a browser without a window: the shipped lesson opened and run from the page itself.

RS4_SCREENSHOT names a file for a picture of the page afterwards.
"""
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

from checks import LESSON, Skipped, check

CELLS = """() => [...document.querySelectorAll('.jp-CodeCell')].map(cell => cell.querySelector('.jp-InputPrompt').innerText.trim())"""
RUN = """async () => {
    const app = window.jupyterapp
    await app.restored
    const notebook = await app.commands.execute('docmanager:open', {path: 'lesson.ipynb'})
    await notebook.context.ready
    await notebook.sessionContext.ready
    await notebook.sessionContext.session.kernel.info
    await new Promise(done => setTimeout(done, 500))
    const isChanged = notebook.context.model.dirty
    app.shell.activateById(notebook.id)
    app.commands.execute('notebook:run-all-cells')
    return isChanged
}"""
LINE = """() => [...document.querySelectorAll('.jp-OutputArea-output')].map(o => o.innerText.trim()).filter(t => t.includes('registered'))"""


def browser_path():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    raise Skipped("no chromium is installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@check
def jupyterlab_runs_the_lesson_in_a_browser(program, folder):
    browser = browser_path()
    work = os.path.join(folder, "work")
    os.makedirs(work)
    shutil.copy(LESSON, work)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with open(os.path.join(folder, "lab.log"), "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1",
             "--IdentityProvider.token=lesson", "--LabApp.expose_app_in_browser=True", "--ServerApp.root_dir=" + work],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=work)
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"{address}/api?token=lesson", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, "JupyterLab did not start"
                time.sleep(0.3)
        with sync_playwright() as playwright:
            with playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]) as chromium:
                look(chromium.new_page(viewport={"width": 1200, "height": 2600}), address)
    finally:
        server.terminate()
        server.wait(timeout=30)


def look(page, address):
    page.goto(f"{address}/lab/tree/lesson.ipynb?token=lesson&reset", timeout=120_000)
    page.wait_for_selector(".jp-CodeCell", timeout=120_000)
    assert page.evaluate(RUN) is False, "the notebook counts as changed as soon as it is opened"
    seen, deadline = [], time.monotonic() + 60
    while True:
        line = page.evaluate(LINE)
        assert len(line) <= 1, line
        if line and (not seen or seen[-1] != line[0]):
            seen.append(line[0])
        cells = page.evaluate(CELLS)
        if cells and cells == [f"[{number}]:" for number in range(1, len(cells) + 1)]:
            break
        if time.monotonic() > deadline:
            if os.environ.get("RS4_SCREENSHOT"):
                page.screenshot(path=os.environ["RS4_SCREENSHOT"])
            raise AssertionError(f"the cells stand at {cells}")
        page.wait_for_timeout(20)
    page.wait_for_timeout(1000)
    if os.environ.get("RS4_SCREENSHOT"):
        page.screenshot(path=os.environ["RS4_SCREENSHOT"])
    # The bar was seen at work, and stands at its end in one place.
    assert len(seen) > 2 and "6 of 6" in page.evaluate(LINE)[0], seen
    sizes = page.evaluate("() => [...document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg')].map(p => [p.naturalWidth || p.clientWidth, p.clientHeight])")
    assert len(sizes) >= 2 and all(width > 200 and height > 150 for width, height in sizes), sizes
    assert not page.query_selector(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']")
