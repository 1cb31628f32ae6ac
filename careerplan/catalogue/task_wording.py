"""Tasks in other words: "Plans shifts" as the title of a goal, "Plan shifts"."""

import re

_IRREGULAR = {"has": "have", "is": "be", "does": "do", "goes": "go", "ties": "tie", "dies": "die"}
_SECOND = re.compile(r"((?:,|\b(?:and|or|but|then)) )([a-z-]*[^s\W]s)\b(?=(?: (\w+))?)")
_OBJECTS = frozenset(
    "a an each every her him his how it its out the their them up what when whether who why".split()  # noqa: SIM905
)
"""Words that follow a verb, and hardly ever a noun."""
_DETERMINERS = frozenset("a an each every her him his it its the their them".split())  # noqa: SIM905
"""Those after which no noun can have come."""
_CLAUSE = re.compile(r"\b(as|because|how|if|that|until|what|when|where|while|who|which)\b")
"""What begins a clause: "when a patient faints or reacts badly"."""
_VERBS = frozenset(
    """
    accompanies acts adjusts advises allows alters analyses answers applies appraises approves asks avoids bleaches
    brazes brings buys calibrates calls carries checks cleans clears collects comes compares connects corrects cuts
    cross-checks deals decides decorates delivers diagnoses disinfects disposes draws explains feeds fills finds
    finishes follows gives greets guides has hauls helps hires holds identifies installs instructs issues joins keeps
    lays leads looks maintains makes manages mends moves observes offers opens packs passes pours presents proves puts
    quotes raises reacts reads recommends refers refills releases reminds removes repeats replaces replies reports
    restocks restores rewrites runs scrubs seals sees sells sends separates sets settles sharpens shears shortens
    shows shunts sings sits smooths speaks spreads stays stops straightens supervises supports takes teaches tells
    terminates thins ties treats trims turns uncouples unloads unlocks updates uses vacuums warns watches weighs
    welcomes wins works writes
    """.split()  # noqa: SIM905
)
"""Of the words after "and" in our tasks, those that are verbs wherever they are."""
_NOUNS = frozenset(
    """
    abilities accounts activities adults adverts airlines alarms allergies amounts animals appointments apprentices
    areas authorities bags balls bands basins baths beads beams beards bearings beaters beetles belts benefits bills
    bins birds blankets boards boilers borders bottles brakes brambles breakers bridges brochures browsers
    buildings bundles buses bushes businesses cables cakes canvas captions careers carers cars ceilings cells
    chances channels charts chimneys chromatographs clients clinics clothes clubs coffins coils colours combs
    communities complaints conditions conferences containers contracts converters cookers corners costs coughs
    councils counters cracks critics cups databases dates deadlines debts deeds deliveries details developers
    dinners discs distances diversions documents dogs doors drains drawings drips drugs ducts earthquakes
    electricians elevations emails emissions engines events exams excursions exits experiments extractions fabrics
    families fans faults fees fights filters fitters fixtures floods floors forms fridges funerals fuses games gas
    gates gearboxes germs glasses goggles grafts graphics gums habitats habits handouts hazards hills hips holidays
    hospitals hotels hours hydraulics illustrators implants infections injuries insects instruments investors its
    jobs joiners kennels kilns knives ladders lamps layouts leaks leavers lenders letters linings lintels lips
    liquids lives loans lofts machines machinists makers manuals masks materials maths meals medicines meters
    misprints mixers motors moustaches needles newsletters nurses offices officials operations others ovens owners
    parcels parks parts payments payslips pets phones photographs pictures pigs pipes places planers plants ponds
    pores prams printers producers products projects psychologists pumps purchases pylons quantities quizzes
    radiators ramps rates reasons recommendations recordings referrals regulators relatives residencies restaurants
    results rights risks roads robots rooms rules sales sanctions sandwiches sauces schools searches seizures
    sensors settings shafts shifts shoes shops showrooms shrubs sills sites sockets soups sparks specialists speeds
    sprains stairs stations stings stories storms storyboards strangers stripes strokes students styles suppliers
    tables tablets tanks teachers technicians techniques tenants terms testers therapists tides tiles toilets tools
    tours toys tractors trainees treatments trees trenches trolleys trousers tyres vaccinations valves vegetables
    vehicles victims visits wages walkways walls wards websites weddings wheelchairs windows witnesses workplaces
    wrists yards zips
    """.split()  # noqa: SIM905
)
"""Those that are nouns wherever they are."""


def imperative(text: str) -> str:
    """Return a task as an instruction: "Plans shifts" becomes "Plan shifts"; blank if that is not safe.

    It is not safe if a second word may be a verb or a noun: "Washes bottles and tests". A task of a release is an
    instruction already and only loses its full stop.
    """
    text = text.strip().removesuffix(".")
    first, _space, rest = text.partition(" ")
    verb = _base(first)
    if verb == first:
        return text if first.isalpha() else ""
    if first.endswith(",") or any(_is_verb(found) is None for found in _SECOND.finditer(f" {rest}")):
        return ""
    return f"{verb} {_SECOND.sub(_instruct, rest)}".strip()


def _is_verb(found: re.Match[str]) -> bool | None:
    """Return whether the word after "and" is a verb of what is done; None if it is not certain."""
    _before, word, after = found.groups()
    is_verb = after in _DETERMINERS or (word in _VERBS and bool(after)) or (word not in _NOUNS and after in _OBJECTS)
    if is_verb:
        return None if _CLAUSE.search(found.string, 0, found.start()) else True
    return False if word in _NOUNS else None


def _instruct(found: re.Match[str]) -> str:
    return found[0].replace(found[2], _base(found[2]), 1) if _is_verb(found) else found[0]


def _base(verb: str) -> str:
    """Return the base of a verb in the third person: "watches" becomes "watch"; any other word stays as it is."""
    lower = verb.lower()
    if lower in _IRREGULAR:
        base = _IRREGULAR[lower]
    elif not lower.endswith("s") or lower.endswith(("ss", "us")):
        return verb
    elif lower.endswith("ies"):
        base = f"{lower[:-3]}y"
    elif lower.endswith(("sses", "shes", "ches", "xes", "zzes")):
        base = lower[:-2]
    else:
        base = lower[:-1]
    return base.capitalize() if verb[0].isupper() else base
