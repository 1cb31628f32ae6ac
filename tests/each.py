"""Many cases that need nothing of their own, as one test."""

import inspect
from collections.abc import Callable, Collection
from typing import Any


def each(names: str, cases: Collection[Any], *, called: Callable[..., str] = str) -> Callable[..., Callable[..., None]]:
    """Try a test with all cases, and say of each that fails which it is and why, as `pytest.mark.parametrize` would.

    Where a case takes less than a millisecond, pytest takes ten times as long to prepare, part and report it. Only for
    cases that leave nothing behind: fixtures are made once for all of them.
    """
    wanted = [name.strip() for name in names.split(",")]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def all_of_them(**fixtures: Any) -> None:
            failed = []
            for case in cases:
                values = case if len(wanted) > 1 else [case]
                try:
                    test(**fixtures, **dict(zip(wanted, values, strict=True)))
                except Exception as error:  # noqa: BLE001  (said below, with the case)
                    failed.append(f"{called(case)}: {type(error).__name__}: {error}")
            assert cases, "no case is tried"
            assert not failed, f"{len(failed)} of {len(cases)} cases fail:\n" + "\n\n".join(failed)

        signature = inspect.signature(test)
        kept = [one for name, one in signature.parameters.items() if name not in wanted]
        all_of_them.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        all_of_them.__name__, all_of_them.__doc__, all_of_them.__module__ = test.__name__, test.__doc__, test.__module__
        return all_of_them

    return decorate
