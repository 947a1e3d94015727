from hotline.misfits import MEANINGS, Misfit


def test_every_code_is_explained() -> None:
    """The page of the life of a message has a row for each."""
    assert set(MEANINGS) == set(Misfit)
