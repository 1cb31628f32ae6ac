"""Date and time formats: `12 Mar 2027`, `8:00`; never only numbers, which people in other countries read otherwise."""

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j M"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = "j M Y, G:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d %B %Y"]
