"""The frame of every page: title, menu, signing in and out, messages."""

from procure.errors import Fault
from tests.web.rendering import HOSTILE, INLINE, Entry, Viewer, page


def test_the_title_of_a_page_with_faults_begins_with_the_word_error() -> None:
    assert "<title>調達回｜共同調達システム</title>" in page(faults=())
    assert "<title>エラー：調達回｜共同調達システム</title>" in page(faults=(Fault("a", "b"),))


def test_somebody_signed_in_can_sign_out_by_a_form_with_the_token() -> None:
    html = page(viewer=Viewer(body_name="大和郡山市"), nav=(Entry("ホーム", "/", True),))
    assert html.count('action="/sign-out"><input type="hidden" name="csrf_token" value="token-1">') == 2
    assert "大和郡山市" in html
    assert '<a href="/" aria-current="page">ホーム</a>' in html


def test_the_public_is_offered_to_sign_in() -> None:
    html = page()
    assert 'href="/sign-in"' in html
    assert "ログアウト" not in html


def test_the_frame_escapes_what_it_is_given() -> None:
    t = HOSTILE
    html = page(viewer=Viewer(t, t, t, t, t), nav=(Entry(t, t, False),), council_name=t, flash=t)
    assert "<script>alert" not in html
    assert INLINE.search(html) is None


def test_a_message_is_announced_politely() -> None:
    assert '<div class="notice notice--success" role="status">' in page(flash="登録しました。")
