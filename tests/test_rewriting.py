"""What is rewritten before the workers start is what pytest takes."""

from _pytest.assertion.rewrite import _read_pyc

from tests.plugins.rewriting import begin_to_rewrite, kept, wait_for


def test_pytest_takes_what_was_rewritten(pytestconfig, tmp_path):
    module, other = tmp_path / "test_one.py", tmp_path / "test_two.py"
    for path in (module, other):
        path.write_text("def test_it():\n    assert 1 == 2\n")
    wait_for(begin_to_rewrite(pytestconfig, tmp_path, packages=()))
    for path in (module, other):
        code = _read_pyc(path, kept(path))
        assert "@pytest_ar" in code.co_names
    module.write_text("changed")
    assert _read_pyc(module, kept(module)) is None
