"""Jupyter's own tests of a kernel, every optional one switched on."""
import unittest

import jupyter_kernel_test

from checks import check


class RS4Tests(jupyter_kernel_test.KernelTests):
    kernel_name = "rs4"
    language_name = "rs4"
    file_extension = ".rs4"
    code_hello_world = 'print("hello, world")'
    code_stderr = 'warn("a remark")'
    code_page_something = "?dice"
    code_generate_error = "1 // 0"
    code_inspect_sample = "read_volume"
    code_clear_output = "clear_output()"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "(1...3).map(n => n * n)", "result": "[1, 4, 9]"},
        {"code": '"ab" + "c"', "result": '"abc"'},
        {"code": "plot([1, 4, 9])", "mime": "image/svg+xml"},
        {"code": "overlay(rand([2, 8, 8]), ones([2, 8, 8]))", "mime": "image/png"},
        {"code": "volume(rand([4, 8, 8]))", "mime": "image/png"},
        {"code": "segmentation_table(ones([2, 2]), ones([2, 2]))", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display("text")', "mime": "text/plain"},
        {"code": "display(plot([1, 4, 9])); 1", "mime": "image/png"},
        {"code": 'draw_progress("step 1 of 2")', "mime": "text/plain"},
    ]
    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")
    completion_samples = [
        {"text": "read_vol", "matches": ["read_volume"]},
        {"text": "use losses.{dice_lo", "matches": ["dice_loss"]},
        {"text": "whi", "matches": ["while"]},
    ]
    complete_code_samples = ["1", "?dice", "let a = 1", "fn f(x) {\n  x + 1\n}", "", "# a remark", 'print("hi")']
    incomplete_code_samples = ["fn f(x) {", "max(1,", "1 +", "[1, 2", 'let a = """text']
    invalid_code_samples = ["1 + * 2", "let = 3", "fn 5() = 1", ")"]


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "rs4"
    support_iopub_welcome = True


def add(name, case):
    def test(program, folder):
        # The suite's own start and end of a kernel belong to its classes; what goes wrong there is a failure too.
        result = unittest.TestResult()
        unittest.TestSuite([case]).run(result)
        problems = result.errors + result.failures
        assert not problems, f"{len(problems)} of its parts: {problems[0][1].strip()}"
        assert not result.skipped, result.skipped[0][1]
        assert result.testsRun == 1, result
    test.__name__ = name
    check(test)


for cases in (RS4Tests, WelcomeTests):
    for case in unittest.defaultTestLoader.loadTestsFromTestCase(cases):
        add(f"jupyter_kernel_test {case._testMethodName}", case)
