"""Tell the place in the heading of an advert from what the job is called: "Maintenance Electrician, Leeds".

A place is one of the towns, counties and countries below, or a name that the advert itself calls a place ("our office
in Otley", "based in Otley"). "Registrar, Cardiology" and "Manager, Sales" name none. Towns that are everyday words in
adverts ("Reading", "Sale") count only where the advert says so.
"""

import re

from careerplan.reading.folding import fold

_TOWNS = """
London, Birmingham, Leeds, Glasgow, Sheffield, Bradford, Liverpool, Edinburgh, Manchester, Bristol, Wakefield,
Cardiff, Coventry, Nottingham, Leicester, Sunderland, Belfast, Newcastle, Newcastle upon Tyne, Brighton, Hull,
Plymouth, Stoke, Stoke-on-Trent, Wolverhampton, Derby, Swansea, Southampton, Salford, Aberdeen, Westminster,
Portsmouth, York, Peterborough, Dundee, Lancaster, Oxford, Newport, Preston, St Albans, Norwich, Chester, Cambridge,
Salisbury, Exeter, Gloucester, Lisburn, Chichester, Winchester, Londonderry, Carlisle, Worcester, Bath, Durham,
Lincoln, Hereford, Armagh, Inverness, Stirling, Perth, Lichfield, Canterbury, Milton Keynes, Northampton, Luton,
Swindon, Bournemouth, Poole, Middlesbrough, Blackpool, Bolton, Ipswich, Blackburn, Oldham, Huddersfield, Halifax,
Rochdale, Stockport, Warrington, Wigan, Barnsley, Doncaster, Rotherham, Gateshead, Harrogate, Bedford, Colchester,
Chelmsford, Southend, Basildon, Watford, Slough, Guildford, Crawley, Woking, Maidstone, Hastings, Eastbourne,
Cheltenham, Shrewsbury, Telford, Stafford, Burnley, Grimsby, Scunthorpe, Darlington, Hartlepool, Wrexham, Paisley,
Falkirk, Livingston, Croydon, Bromley, Ealing, Hackney, Camden, Islington, Lewisham, Southwark, Greenwich,
Stratford, Dublin, Cork, Galway, Limerick, Waterford, Kilkenny, Sligo, New York, Los Angeles, Chicago, Houston,
Phoenix, Philadelphia, San Antonio, San Diego, Dallas, Austin, San Jose, San Francisco, Seattle, Denver, Washington,
Boston, Nashville, Detroit, Portland, Las Vegas, Memphis, Baltimore, Milwaukee, Atlanta, Miami, Minneapolis,
Toronto, Montreal, Vancouver, Calgary, Ottawa, Sydney, Melbourne, Brisbane, Adelaide, Auckland, Wellington, Berlin,
Hamburg, Munich, Cologne, Frankfurt, Stuttgart, Vienna, Zurich, Geneva, Basel, Amsterdam, Rotterdam, Brussels,
Antwerp, Paris, Lyon, Madrid, Barcelona, Lisbon, Rome, Milan, Warsaw, Prague, Stockholm, Copenhagen, Oslo, Helsinki,
Athens, Budapest, Singapore, Dubai, Johannesburg, Cape Town, Nairobi, Lagos
"""
_REGIONS = """
England, Scotland, Wales, Northern Ireland, Ireland, Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire,
East Yorkshire, Lancashire, Greater Manchester, Merseyside, Cheshire, Cumbria, Northumberland, Tyne and Wear, County
Durham, Derbyshire, Nottinghamshire, Lincolnshire, Leicestershire, Northamptonshire, Warwickshire, West Midlands,
Staffordshire, Shropshire, Herefordshire, Worcestershire, Gloucestershire, Oxfordshire, Buckinghamshire,
Bedfordshire, Hertfordshire, Cambridgeshire, Norfolk, Suffolk, Essex, Kent, East Sussex, West Sussex, Sussex,
Surrey, Hampshire, Berkshire, Wiltshire, Dorset, Somerset, Devon, Cornwall, Isle of Wight, Greater London, Central
London, East London, West London, North London, South London, UK, United Kingdom, USA, United States, Canada,
Australia, New Zealand, Germany, Austria, Switzerland, France, Spain, Italy, Netherlands, Belgium, Remote,
Home-based, Nationwide, Hybrid
"""
_PLACES = frozenset(
    fold(name.strip()) for name in (_TOWNS + "," + _REGIONS).replace("\n", " ").split(",") if name.strip()
)
_POSTCODE = re.compile(r"\s+(?:[A-Z]{1,2}\d[\dA-Z]?(?:\s?\d[A-Z]{2})?|\d{5})$")
_STATE = re.compile(r"[A-Z]{2}")
_SITES = (
    r"(?:offices?|sites?|depots?|branch(?:es)?|stores?|shops?|schools?|clinics?|workshops?|homes?|hospitals?|centres?"
    r"|centers?|wards?|factory|warehouse|hotel|restaurant|surgery|practice)"
)
_SPLIT = re.compile(r",\s+|\s+in\s+|\s+\((?=[^()]*\)$)")
NAME_LENGTH = 60


def is_place(name: str, advert: str = "") -> bool:
    """Return whether a name is a place that we know, or one by the words of the advert."""
    first, *others = name.split(", ")
    if others and all(_STATE.fullmatch(one) or is_place(one) for one in others):
        return is_place(first, advert) or bool(_STATE.fullmatch(others[0]))
    name = _POSTCODE.sub("", name)
    return fold(name).strip() in _PLACES or _is_called_place(name, advert)


def split_place(heading: str, advert: str = "") -> tuple[str, str]:
    """Return what a job is called and the place at the end of its heading; "" without a place."""
    for found in _SPLIT.finditer(heading):
        name, place = heading[: found.start()].strip(" ,"), heading[found.end() :].strip(" ,)")
        if name and is_place(place, advert):
            return name, place
    return heading, ""


def _is_called_place(name: str, advert: str) -> bool:
    """Return whether an advert says "based in NAME", "our office in NAME" or "the NAME depot"."""
    if not name or not name[0].isupper() or len(name) > NAME_LENGTH:
        return False
    place = re.escape(name)
    before = rf"(?:based in|located in|near|close to|\b{_SITES} (?:in|at)|(?:outskirts|centre|center) of)\s+{place}\b"
    return bool(re.search(rf"\b{before}|\b{place} (?:town |city )?{_SITES}\b", advert))
