from tests.test_prose import BELITTLES as FORBIDDEN  # noqa: F401
