"""The headings of CVs in many languages, by which the sections of a text are known."""

import re

from careerplan.reading.folding import fold

WORK, EDUCATION, SKILLS, LANGUAGES = "work", "education", "skills", "languages"
CERTIFICATES, VOLUNTEER, OTHER = "certificates", "volunteer", "other"
_HEADINGS = {
    WORK: """
        work experience, experience, professional experience, employment, employment history, work history, career
        history, relevant experience, career, jobs, positions held, professional background, previous employment,
        current role, clinical experience, nursing experience, teaching experience, industry experience, retail
        experience, employment record, berufserfahrung, beruflicher werdegang, werdegang, berufspraxis,
        praxiserfahrung, berufliche
        stationen, anstellungen, expérience, expériences, expérience professionnelle, expériences professionnelles,
        parcours professionnel, emplois, experiencia, experiencia profesional, experiencia laboral, trayectoria
        profesional, historial laboral, experiência, experiência profissional, experiências profissionais, percurso
        profissional, esperienza, esperienze, esperienza professionale, esperienze professionali, esperienze
        lavorative, esperienza lavorativa, werkervaring, ervaring, arbeidsverleden, doświadczenie, doświadczenie
        zawodowe, przebieg kariery, arbetslivserfarenhet, erhvervserfaring, arbeidserfaring, iş deneyimi, deneyim,
        опыт работы, досвід роботи, 工作经历, 工作经验, 职业经历, 職歴, 職務経歴, 경력,
        경력사항, الخبرة المهنية, الخبرات
    """,
    EDUCATION: """
        education, education and training, academic background, academic qualifications, qualifications, studies,
        educational background, schooling, training, academic history, ausbildung, bildung, bildungsweg,
        schulbildung, studium, schulische ausbildung, ausbildung und studium, schule, formation, formations, études,
        diplômes, formation académique, parcours académique, cursus, formación, educación, formación académica,
        estudios, formación y estudios, formação, formação académica, formação acadêmica, educação, habilitações,
        escolaridade, istruzione, formazione, istruzione e formazione, studi, titoli di studio, opleiding,
        opleidingen, onderwijs, wykształcenie, edukacja, utbildning, uddannelse, utdanning, utdannelse, eğitim,
        образование, освіта, 教育背景, 教育经历, 学历, 学歴, 학력, 학력사항, التعليم, المؤهلات العلمية
    """,
    SKILLS: """
        skills, key skills, core skills, technical skills, soft skills, professional skills, core competencies,
        competencies, key competencies, areas of expertise, expertise, skills and abilities, it skills, computer
        skills, strengths, personal skills, skills summary, technologies, tools, abilities, other skills,
        kenntnisse, fähigkeiten, kompetenzen, fachkenntnisse, edv kenntnisse, it kenntnisse, stärken, weitere
        kenntnisse, kenntnisse und fähigkeiten, besondere kenntnisse, fertigkeiten, compétences, compétences clés,
        compétences techniques, savoir faire, atouts, informatique, habilidades, competencias, aptitudes,
        conocimientos, destrezas, competências, aptidões, conhecimentos, competenze, capacità, conoscenze, abilità,
        capacità e competenze, vaardigheden, competenties, umiejętności, kompetenser, färdigheter, kompetencer,
        kompetanse, ferdigheter, beceriler, yetenekler, навыки, ключевые навыки, навички, 技能, 专业技能, スキル,
        資格スキル, 기술, 보유기술, المهارات
    """,
    LANGUAGES: """
        languages, language skills, sprachen, sprachkenntnisse, fremdsprachen, langues, idiomas, línguas, lingue,
        talen, talenkennis, języki, języki obce, språk, sprog, diller, языки, иностранные языки, мови, 语言, 語学, 언어,
        اللغات
    """,
    CERTIFICATES: """
        certificates, certifications, mandatory training, certificates and training, professional registration,
        professional registrations, registrations, licences, licenses, licences and certificates, licenses and
        certifications,
        certifications and licenses, professional qualifications, courses, training courses, courses and
        certificates, professional development, accreditations, zertifikate, zertifizierungen, weiterbildung,
        weiterbildungen, fortbildung, fortbildungen, führerscheine, lizenzen, certificats, habilitations, permis,
        certificaciones, certificados, cursos, licencias, certificações, cursos e certificados, certificazioni,
        corsi, patenti, certificaten, cursussen, certyfikaty, kursy, szkolenia, certifikat, kurser, sertifikater,
        sertifikalar, сертификаты, курсы, 证书, 資格, 資格免許, 免許資格, 자격증, الشهادات
    """,
    VOLUNTEER: """
        volunteering, volunteer work, volunteer experience, voluntary work, community work, ehrenamt, ehrenamtliches
        engagement, freiwilligenarbeit, bénévolat, voluntariado, trabalho voluntário, volontariato,
        vrijwilligerswerk, wolontariat, ideellt arbete, волонтерство
    """,
    OTHER: """
        interests, hobbies, hobbies and interests, references, referees, publications, awards, honours, honors,
        projects, personal projects, achievements, memberships, personal information, personal details, contact,
        contact details, about me, about, profile, summary, personal statement, objective, career objective,
        personal profile, additional information, interessen, referenzen, publikationen, auszeichnungen, projekte,
        persönliche daten, kontakt, profil, über mich, hobbys, zur person, centres d intérêt, loisirs, références,
        projets, à propos, coordonnées, distinctions, intereses, referencias, proyectos, perfil, sobre mí, contacto,
        logros, datos personales, interesses, referências, projetos, sobre mim, contato, dados pessoais, interessi,
        referenze, progetti, profilo, dati personali, interesses en hobby s, referenties, projecten,
        zainteresowania, projekty, o mnie, dane osobowe, intressen, referenser, ilgi alanları, referanslar, о себе,
        интересы, личные данные, 自我评价, 兴趣爱好, 自己pr, 志望動機, 자기소개
    """,
}
MOST_WORDS, MOST_LETTERS = 6, 60
_WORDS = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"\s+(?:and|und|et|y|e|i|en|og)\s+|\s*[&/+]\s*", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(
        word for word in _WORDS.findall(fold(text)) if word not in {"and", "und", "et", "y", "e", "i", "en", "og"}
    )


SECTION_OF = {
    _plain(name): section for section, names in _HEADINGS.items() for name in " ".join(names.split()).split(", ")
}


def section_of(line: str) -> str:
    """Return the section that a line is the heading of; "" for every other line."""
    if len(line) > MOST_LETTERS:
        return ""
    plain = _plain(line)
    if found := SECTION_OF.get(plain):
        return found
    parts = [SECTION_OF.get(_plain(part), "") for part in _JOINED.split(line)]
    if len(parts) == 2 and all(parts):  # "Education and qualifications"
        return parts[0]
    if len(plain.split()) == len(plain) // 2 + 1 > 3:  # S K I L L S
        plain = plain.replace(" ", "")
        return SECTION_OF.get(plain, "")
    return ""


def inline_heading(line: str) -> tuple[str, str]:
    """Return the section and the rest of a line such as "Skills: welding, brazing"; ("", line) for every other."""
    head, colon, rest = line.partition(":")
    section = section_of(head) if colon and rest.strip() else ""
    return (section, rest.strip()) if section else ("", line)
