from __future__ import annotations

from pathlib import Path

from posetransfer.checkpoints.card import write_card

TRAINED = {"training": {"steps": 2000, "seconds": 1200.0, "pairs": 900}}


def test_the_card_says_what_the_target_is_and_asks_for_consent(tmp_path: Path) -> None:
    write_card(tmp_path, "anna", {"knn": {"frames": 900}, "pose2pics": TRAINED})
    text = (tmp_path / "README.md").read_text()
    assert text.startswith("---\nlibrary_name: posetransfer")
    assert "# anna" in text and "900 frames" in text and "2000 steps in 20.0 minutes" in text and "Consent" in text


def test_what_its_owner_wrote_stays_and_the_methods_are_renewed(tmp_path: Path) -> None:
    write_card(tmp_path, "anna", {"knn": {"frames": 900}})
    card = tmp_path / "README.md"
    card.write_text(card.read_text().replace("Nothing is recorded here", "Anna agreed on 3 May 2026."))
    write_card(tmp_path, "anna", {"pose2pics": TRAINED})
    text = card.read_text()
    assert "Anna agreed" in text and "2000 steps" in text and "900 frames" not in text


def test_a_card_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("my own words")
    write_card(tmp_path, "anna", {"pose2pics": TRAINED})
    assert (tmp_path / "README.md").read_text() == "my own words"
