"""What the modules of this folder assert is explained as what tests assert."""

import pytest

for name in ("compare", "world", "pages", "proving", "programs"):
    pytest.register_assert_rewrite(f"tests.hold.machine.{name}")
