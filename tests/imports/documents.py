"""PDF and Word files as the tests need them, made on the spot."""

import io
import zipfile
import zlib

import docx
import pypdfium2
import typst

ENGLISH = """Mara Testperson
12 Elm Street, Exampletown

Work experience
Practice nurse, Elm Street Surgery    Feb 2021 - Present
- Cares for 30 patients a day. Trained 4 colleagues in 2022.
Ward clerk, Oak Clinic    2019 - 2020
- Kept the diary of three wards

Education
Northfield University    2015 - 2018
BSc Nursing

Skills
Wound care, Triage, Leadership

Languages
Polish (native), English: fluent

Certificates
First aid at work, Town Rescue    May 2024

Interests
Chess
"""
GERMAN = """Mara Testperson

Berufserfahrung
03/2020 – heute
Tischlerin
Tischlerei Beispiel GmbH, Musterhausen
08/2016 – 02/2020
Gesellin
Holzbau Muster KG

Ausbildung
2013 – 2016
Ausbildung zur Tischlerin, Berufsschule Musterhausen

Kenntnisse
Maschinen: Hobel, Formatkreissäge
"""
EUROPASS = """<?xml version="1.0" encoding="UTF-8"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:hr="http://www.hr-xml.org/3" xmlns:eures="http://www.europass_eures.eu/1.0">
<CandidateProfile><EmploymentHistory><EmployerHistory><hr:OrganizationName>Elm Works</hr:OrganizationName>
<PositionHistory><eures:PositionTitle typeCode="FREETEXT">Bookbinder</eures:PositionTitle><eures:EmploymentPeriod>
<eures:StartDate><hr:FormattedDateTime>2020-03-01</hr:FormattedDateTime></eures:StartDate>
<hr:CurrentIndicator>true</hr:CurrentIndicator></eures:EmploymentPeriod></PositionHistory></EmployerHistory>
</EmploymentHistory><EducationHistory><EducationOrganizationAttendance>
<hr:OrganizationName>Northfield College</hr:OrganizationName><EducationDegree><hr:DegreeName>BSc Design</hr:DegreeName>
</EducationDegree></EducationOrganizationAttendance></EducationHistory></CandidateProfile></Candidate>"""


def pdf_of(text):
    """A PDF with these lines."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    source = f'#for line in "{escaped}".split("\\n") [#text(line) \\ ]'
    return typst.compile(source.encode(), format="pdf")


def scan():
    """A PDF without text: a rectangle."""
    return typst.compile(b"#rect(width: 5cm, height: 5cm, fill: black)", format="pdf")


def pdf_with(text, attached):
    """A PDF with a file inside."""
    document = pypdfium2.PdfDocument(pdf_of(text))
    document.new_attachment("attachment.xml").set_data(attached.encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_of(text, *, table=()):
    """A Word file with these lines, and rows of a table."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, words in zip(grid.add_row().cells, row, strict=True):
                cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_template(boxed, filled_in, deleted):
    """A Word file with lines in a text box (and again for old programs), in fields to fill in, and a deleted one."""
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"

    def paragraph(text):
        return f"<w:p {ns}><w:r><w:t>{text}</w:t></w:r></w:p>"

    box = f"<w:txbxContent>{''.join(map(paragraph, boxed))}</w:txbxContent>"
    both = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    both = f'<mc:AlternateContent xmlns:mc="{mc}">{both}</mc:AlternateContent>'
    fields = "".join(f"<w:sdt><w:sdtContent>{paragraph(text)}</w:sdtContent></w:sdt>" for text in filled_in)
    gone = f"<w:p><w:del><w:r><w:delText>{deleted}</w:delText><w:t>{deleted}</w:t></w:r></w:del></w:p>"
    document = docx.Document()
    for element in docx.oxml.parse_xml(f"<w:body {ns}><w:p><w:r>{both}</w:r></w:p>{fields}{gone}</w:body>"):
        document.element.body.insert(-1, element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pages(count, *, encrypted=False):
    """A PDF that shows one page many times, or has a password."""
    kids = " ".join(["3 0 R"] * count)
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
    return (
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        f"2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count {count} >>\nendobj\n"
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
        f"trailer\n<< /Root 1 0 R {lock if encrypted else ''} /ID [<{'43' * 16}> <{'43' * 16}>] >>\n%%EOF\n"
    ).encode()


def compressed(first, times, last):
    """The bytes of zlib for `first` so many times and `last`: after a full flush the same becomes the same."""
    flate = zlib.compressobj(9, wbits=-15)
    block = flate.compress(first) + flate.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(first, check)
    end = flate.compress(last) + flate.flush() + zlib.adler32(last, check).to_bytes(4, "big")
    return b"\x78\xda" + block * times + end


def page_of(drawn=b"", *, font=b"", packing=b"", times=0):
    """A PDF of one page with a font program; `packing` is unpacked that many times by who reads the page."""
    stream = compressed(packing, times, drawn)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Broken /FirstChar 0 /LastChar 9 /FontDescriptor 6 0 R >>",
        b"<< /Type /FontDescriptor /FontName /Broken /Flags 4 /FontFile2 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(font), font),
    ]
    objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % one for one in enumerate(parts, 1))
    return b"%PDF-1.4\n" + objects + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def packed(files):
    """A zip of these texts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
