"""The colour of the site: whether it can be read, and the shades that both themes need."""

from dataclasses import dataclass

WASH, DARK_WASH = "#f3f6f8", "#182126"  # --cp-wash in static/css/tokens.css
WHITE, BLACK = "#ffffff", "#000000"
LEAST = 4.5
"""Contrast of text, WCAG 2.2 criterion 1.4.3."""
DARK_LEAST = 7.0


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return the colour between two: `one` at a share of 0, `other` at 1."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def until_readable(colour: str, towards: str, ground: str, least: float) -> str:
    """Mix a colour with `towards` until it has the contrast `least` on `ground`."""
    shades = (mix(colour, towards, step / 50) for step in range(51))
    return next((shade for shade in shades if contrast(shade, ground) >= least), towards)


def wash_of(colour: str) -> str:
    """Return the light ground on which the colour itself stands."""
    return mix(colour, WHITE, 0.9)


def is_readable(colour: str) -> bool:
    """Return whether text in this colour can be read on all light grounds, and white text on it."""
    return min(contrast(colour, ground) for ground in (WHITE, WASH, wash_of(colour))) >= LEAST


def darker(colour: str) -> str:
    """Return the nearest darker shade that can be read."""
    shades = (mix(colour, BLACK, step / 50) for step in range(51))
    return next(shade for shade in shades if is_readable(shade))


@dataclass(frozen=True)
class Shades:
    """The accent, a stronger one, its ground, and text on it."""

    accent: str
    strong: str
    wash: str
    on_accent: str
    band: str


def light_shades(colour: str) -> Shades:
    return Shades(colour, mix(colour, BLACK, 0.28), wash_of(colour), WHITE, colour)


def dark_shades(colour: str) -> Shades:
    """Return shades for the dark theme: the colour made lighter until it can be read there."""
    accent = until_readable(colour, WHITE, DARK_WASH, DARK_LEAST)
    band = until_readable(colour, BLACK, WHITE, 11.0)
    wash = until_readable(mix(colour, DARK_WASH, 0.6), BLACK, accent, 5.0)
    return Shades(accent, mix(accent, WHITE, 0.4), wash, until_readable(colour, BLACK, accent, DARK_LEAST), band)


def style_sheet(colour: str) -> str:
    """Return the style sheet that gives the site its colour; the names are those of tokens.css."""
    light, dark = light_shades(colour), dark_shades(colour)
    values = {
        "accent": (light.accent, dark.accent),
        "accent-strong": (light.strong, dark.strong),
        "accent-wash": (light.wash, dark.wash),
        "on-accent": (light.on_accent, dark.on_accent),
        "band": (light.band, dark.band),
        "focus": (light.accent, dark.strong),
    }
    lines = "".join(f"--cp-{name}:light-dark({day},{night});" for name, (day, night) in values.items())
    return f':root,[data-bs-theme="light"],[data-bs-theme="dark"]{{{lines}}}'
