"""How LinkedIn names its tables and their columns, in the languages of its pages."""

SKILLS, POSITIONS, EDUCATION, CERTIFICATES, PROFILE = "skills", "positions", "education", "certifications", "profile"
LANGUAGES, VOLUNTEERING = "languages", "volunteering"
# By table: our name of a column, and its headings. English first. Without accents.
_COLUMNS: dict[str, dict[str, str]] = {
    SKILLS: {
        "name": """
        name, skill, nombre, nom, nome, naam, nazwa, kenntnis, kenntnisse, aptitud, competence
    """,
    },
    POSITIONS: {
        "title": """
        title, position, titel, titre, intitule du poste, poste, cargo, puesto, titulo, qualifica, ruolo, functie,
        stanowisko, berufsbezeichnung, posizione
    """,
        "company name": """
        company name, company, firmenname, unternehmen, firma, nom de l entreprise, entreprise, nombre de la
        empresa, empresa, nome da empresa, nome azienda, azienda, nome dell azienda, bedrijfsnaam, bedrijf, nazwa
        firmy
    """,
        "started on": """
        started on, start date, begonnen am, beginn, debut, date de debut, fecha de inicio, inicio, data de inicio,
        inizio, data di inizio, startdatum, data rozpoczecia
    """,
        "finished on": """
        finished on, end date, beendet am, ende, fin, date de fin, fecha de fin, fecha de finalizacion, fim, data de
        termino, data de fim, fine, data di fine, einddatum, data zakonczenia
    """,
    },
    EDUCATION: {
        "school name": """
        school name, school, name der schule, schule, hochschule, nom de l ecole, ecole, etablissement, nombre de la
        institucion, nombre de la escuela, escuela, institucion, nome da instituicao, nome da escola, escola,
        instituicao, nome della scuola, scuola, naam school, nazwa szkoly
    """,
        "degree name": """
        degree name, degree, abschluss, diplome, nom du diplome, titulo, titulacion, nombre del titulo, grau,
        formacao, nome do curso, titolo di studio, laurea, diploma, graad, stopien
    """,
    },
    CERTIFICATES: {
        "name": """
        name, name der zertifizierung, nom, nombre, nome, naam, nazwa, title
    """,
        "authority": """
        authority, issuing organization, aussteller, zertifizierungsstelle, organisme, autorite, autoridad, emisor,
        autoridade, emissor, autorita, instantie
    """,
        "started on": """
        started on, issued on, begonnen am, ausgestellt am, debut, fecha de inicio, inicio, inizio, startdatum
    """,
        "url": """
        url, license number, lizenznummer, numero de licence, numero de licencia
    """,
    },
    PROFILE: {
        "headline": """
        headline, slogan, profil slogan, titre du profil, titular, titulo, titulo do perfil, sommario
    """,
    },
    LANGUAGES: {
        "name": """
        name, sprache, langue, idioma, lingua, taal, nom, nombre, nome
    """,
        "proficiency": """proficiency, niveau""",
    },
    VOLUNTEERING: {
        "title": """
        role, title, funktion, role occupe, funcion, funcao, ruolo
    """,
        "company name": """
        company name, organization, organisation, organizacion, organizacao, organizzazione
    """,
        "started on": """
        started on, begonnen am, debut, fecha de inicio, inicio, inizio
    """,
        "finished on": """
        finished on, beendet am, fin, fecha de fin, fim, fine
    """,
    },
}
COLUMNS = {
    table: {" ".join(heading.split()): ours for ours, headings in columns.items() for heading in headings.split(",")}
    for table, columns in _COLUMNS.items()
}
# The columns that a table of this name must have, and those by which it is known whatever its name is.
NEEDED = {
    SKILLS: {"name"}, POSITIONS: {"title"}, EDUCATION: {"school name"}, CERTIFICATES: {"name"},
    PROFILE: {"headline"}, LANGUAGES: {"name"}, VOLUNTEERING: {"title"},
}  # fmt: skip
TELLING = {
    POSITIONS: {"title", "company name", "started on"},
    EDUCATION: {"school name", "degree name"},
    CERTIFICATES: {"name", "authority", "url"},
}
_FILES = {
    SKILLS: """
        skills, kenntnisse, fahigkeiten, competences, aptitudes, competencias, competenze, vaardigheden,
        umiejetnosci
    """,
    POSITIONS: """
        positions, positionen, berufserfahrung, postes, experience, experiences, cargos, puestos, posiciones,
        posizioni
    """,
    EDUCATION: """
        education, ausbildung, formation, formations, educacion, formacion, formacao, istruzione, opleiding
    """,
    CERTIFICATES: """
        certifications, certificates, zertifikate, zertifizierungen, bescheinigungen, certificaciones,
        certificacoes, certificazioni
    """,
    PROFILE: """profile, profil, perfil, profilo""",
    LANGUAGES: """
        languages, sprachen, langues, idiomas, lingue, talen
    """,
    VOLUNTEERING: """
        volunteering, volunteer experience, ehrenamt, benevolat, voluntariado, volontariato
    """,
}
TABLE_OF_FILE = {" ".join(name.split()): table for table, names in _FILES.items() for name in names.split(",")}
# Of a career, but without a place in an assessment.
NOT_USED = frozenset({"projects", "honors", "courses", "publications", "patents", "organizations", "test scores"})
