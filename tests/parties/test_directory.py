"""The built-in list of municipalities."""

from procure.parties.directory import all_bodies, bodies_of, body, known_codes, search
from procure.values.codes import is_code
from procure.values.text import plain

NARA = "奈良県"


def names(text: str) -> list[str]:
    return [found.name for found in search(text, among=bodies_of(NARA))]


def test_all_municipalities_of_japan_are_known_by_right_codes() -> None:
    assert len(known_codes()) == len(all_bodies()) == 1_741
    assert all(is_code(code) for code in known_codes())
    assert [found.code for found in all_bodies()] == sorted(known_codes())


def test_nara_has_12_cities_15_towns_and_12_villages() -> None:
    kinds = [found.kind for found in bodies_of(NARA)]

    assert [kinds.count(kind) for kind in ("市", "町", "村")] == [12, 15, 12]


def test_a_body_is_found_by_its_code() -> None:
    nara = body("292010")

    assert nara is not None
    assert (nara.name, nara.kana, nara.kind, nara.prefecture) == ("奈良市", "ナラシ", "市", NARA)
    assert body("290009") is None


def test_katsuragi_is_shown_in_its_official_form_and_found_in_every_form() -> None:
    katsuragi = body("292117")

    assert katsuragi is not None
    assert (katsuragi.name, katsuragi.display_name) == ("葛城市", "葛\U000e0100城市")
    for typed in ("葛城", "葛\U000e0100城", "かつらぎ", "カツラギ", "ｶﾂﾗｷﾞ", "292117"):
        assert names(typed) == ["葛城市"]


def test_the_plain_name_is_the_displayed_one_without_selectors() -> None:
    assert all(plain(found.display_name) == found.name == plain(found.name) for found in all_bodies())


def test_variants_of_a_kanji_find_the_same_body() -> None:
    assert names("五条市") == names("五條市") == ["五條市"]
    assert names("曾爾") == ["曽爾村"]


def test_same_names_in_other_prefectures_are_told_apart() -> None:
    assert {found.prefecture for found in search("川西町")} == {"奈良県", "山形県"}
    assert [found.prefecture for found in search("奈良県川西町")] == [NARA]


def test_what_nobody_is_called_finds_nobody() -> None:
    assert search("みほん市") == ()
