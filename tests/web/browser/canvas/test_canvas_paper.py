"""The map on paper."""

from __future__ import annotations

from canvas_stage import until


def test_the_map_is_drawn_in_ink_on_paper_and_in_light_on_the_screen_again(page):
    corner = "document.querySelector('canvas').getContext('2d').getImageData(1, 1, 1, 1).data[0]"
    page.emulate_media(color_scheme="dark")
    page.goto("/map?of=domain-name:evil.com")
    until(page, f"document.querySelector('[data-part=count]').textContent && {corner} < 80")
    page.emulate_media(media="print", color_scheme="dark")
    until(page, f"{corner} > 200")
    page.emulate_media(media="screen", color_scheme="dark")
    until(page, f"{corner} < 80")
