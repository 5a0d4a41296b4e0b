"""The sheet to vote on: each question of a lesson, and no answer."""

import pytest
from bs4 import BeautifulSoup

from teacher import vote_sheet
from workshop.files import LESSONS, page


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_each_question_is_on_the_sheet_and_no_answer(lesson, tmp_path):
    path = vote_sheet.main([lesson.name[:2], "--out", str(tmp_path)])
    text = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    asked = page(lesson).count("**Predict.**")
    assert len(text.select("ol > li")) == len(text.select(".vote")) == asked >= 2
    for row in text.select("ol > li"):
        question = row.get_text().split("my guess")[0]
        assert "Answer" not in question and "**" not in question and len(question) > 15


def test_a_lesson_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        vote_sheet.main(["12"])
    assert "12 is no lesson; allowed are 1, 2, 3" in capsys.readouterr().err
