"""Phrases for skills and levels in adverts and CVs.

Phrases are compared by stems (skill_finder.stem): "budget" finds "budgets" and "budgeting", "lead a team" finds
"leading a team". English only, like the list of skills.
"""

# By the key of the skill. Its own name is searched for too, unless it is in NOT_BY_NAME.
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "critical-thinking": (
        "critical thinker",
        "analytical skills",
        "analytical thinking",
        "sound judgement",
        "sound judgment",
    ),
    "solving-problems": ("problem solving", "problem solver", "solve problems", "troubleshooting complex problems"),
    "making-decisions": ("decision making", "decision maker", "make decisions"),
    "seeing-the-whole": ("systems thinking", "strategic thinking", "big picture", "strategic overview"),
    "measuring-results": ("key performance indicators", "kpi", "performance indicators", "measure outcomes", "audit"),
    "finding-out-needs": ("requirements analysis", "gather requirements", "needs analysis", "business analysis"),
    "reading": ("reading comprehension", "reading skills", "literacy"),
    "writing": ("writing skills", "written communication", "report writing", "write reports", "copywriting", "written"),
    "working-with-numbers": ("numeracy", "numerate", "numerical skills", "mathematics", "statistics"),
    "using-science": ("scientific methods", "scientific knowledge", "laboratory techniques"),
    "digital-skills": (
        *("it skills", "computer literate", "computer literacy", "computer skills", "microsoft office", "ms office"),
        *("excel", "microsoft excel", "spreadsheets", "word processing"),
    ),
    "programming": ("software development", "coding", "python", "java", "javascript", "sql", "write code"),
    "learning-new-things": ("learn quickly", "fast learner", "quick learner", "eager to learn"),
    "choosing-how-to-learn": ("learning methods", "training methods", "instructional design"),
    "checking-progress": ("monitor progress", "performance monitoring", "track progress"),
    "adapting-to-change": ("adaptable", "adaptability", "flexible approach", "flexibility", "changing environment"),
    "staying-calm": ("calm under pressure", "work under pressure", "resilience", "resilient", "stay calm"),
    "managing-time": (
        *("time management", "prioritise", "prioritisation", "prioritize", "meet deadlines", "organisational skills"),
        *("organizational skills", "manage your own workload", "manage own workload"),
    ),
    "managing-money": (
        *("budget", "budget management", "budgetary control", "financial management", "financial planning"),
        *("cost control",),
    ),
    "managing-materials": ("stock control", "stock management", "inventory management", "resource management"),
    "choosing-tools": ("equipment selection", "select equipment"),
    "installing": ("installation of equipment", "install equipment", "equipment installation"),
    "running-machines": ("operate machinery", "operating machines", "machine operation", "machine operator"),
    "watching-displays": ("monitor gauges", "monitor displays", "control room", "patient monitoring"),
    "looking-after-equipment": ("equipment maintenance", "routine maintenance", "preventive maintenance"),
    "finding-faults": ("fault finding", "troubleshooting", "diagnose faults"),
    "repairing": ("repair work", "repair equipment", "carry out repairs"),
    "checking-quality": ("quality control", "quality assurance", "quality checks", "inspection"),
    "improving-tools": ("technology design", "product design", "improve equipment"),
    "listening": ("active listening", "active listener", "listening skills", "good listener"),
    "speaking-clearly": (
        *(
            "verbal communication",
            "oral communication",
            "spoken english",
            "communication skills",
            "communicate clearly",
        ),
        *("communicator", "communicate effectively", "verbal and written communication"),
    ),
    "speaking-to-groups": (
        *("public speaking", "presentation skills", "presenting", "deliver presentations", "give presentations"),
        *("present to", "presentation"),
    ),
    "convincing-others": ("persuasion", "persuasive", "influencing skills", "influence others", "influencing", "sales"),
    "negotiating": ("negotiation", "negotiation skills", "negotiate", "negotiator"),
    "running-meetings": ("chair meetings", "facilitate meetings", "lead meetings", "facilitation", "run meetings"),
    "reading-people": ("emotional intelligence", "empathy", "empathetic", "social perceptiveness"),
    "working-in-a-team": ("team player", "teamwork", "team work", "collaborative", "collaboration", "work in a team"),
    "helping-people": ("customer service", "customer care", "client care", "patient care", "service orientation"),
    "networking": ("build relationships", "relationship building", "stakeholder management", "stakeholder engagement"),
    "working-across-cultures": (
        *("intercultural", "cross cultural", "multicultural", "cultural awareness", "diverse teams"),
        *("cultural sensitivity",),
    ),
    "handling-conflict": (
        "conflict resolution",
        "conflict management",
        "resolve conflict",
        "manage conflict",
        "mediation",
    ),
    "teaching-others": (
        *("training staff", "train staff", "train others", "teaching", "teach", "mentor", "mentoring", "coaching"),
    ),
    "leading-a-team": (
        *("leadership", "leadership skills", "team leader", "lead a team", "manage a team", "people management"),
        *("line management", "staff management", "team leadership", "supervise staff", "leading teams", "lead teams"),
    ),
    "giving-feedback": ("give feedback", "constructive feedback", "appraisal", "performance reviews"),
    "taking-feedback": ("receive feedback", "open to feedback", "reflective practice", "take feedback"),
}

# Words that hint at a skill in the name of another one, such as "Technical writing" or "Electronics repair" in a CV.
HINTS: dict[str, tuple[str, ...]] = {
    "critical-thinking": ("analysis", "analytical", "judgement", "reasoning", "logic"),
    "solving-problems": ("problems", "problem", "solutions"),
    "making-decisions": ("decisions", "decision"),
    "seeing-the-whole": ("strategy", "strategic planning", "strategic"),
    "measuring-results": ("metrics", "evaluation", "reporting", "kpis", "benchmarking"),
    "finding-out-needs": ("requirements", "user research", "needs assessment"),
    "reading": ("proofreading", "reading", "literature review"),
    "writing": ("writing", "editing", "drafting", "blogging", "documentation", "correspondence", "copy"),
    "working-with-numbers": ("calculation", "calculations", "arithmetic", "forecasting", "maths", "quantitative"),
    "using-science": ("laboratory", "experiments", "research methods", "scientific"),
    "digital-skills": ("software", "computer", "computers", "it", "microsoft", "powerpoint", "typing", "data entry"),
    "programming": ("programming", "developer", "scripting", "web development", "app development"),
    "learning-new-things": ("learning", "self study", "curiosity"),
    "choosing-how-to-learn": ("curriculum", "e learning", "learning design", "training design"),
    "checking-progress": ("monitoring", "supervision", "tracking"),
    "adapting-to-change": ("flexible", "versatility", "change management"),
    "staying-calm": ("stress management", "calm", "composure", "stress", "patience"),
    "managing-time": (
        *("multitasking", "multi tasking", "scheduling", "punctuality", "planning", "organisation", "organization"),
        *("organising", "organizing", "deadlines", "diary management", "project planning"),
    ),
    "managing-money": (
        *("budgets", "budgeting", "cash", "cash handling", "bookkeeping", "invoicing", "accounting", "finance"),
    ),
    "managing-materials": ("stock", "inventory", "ordering", "procurement", "purchasing", "supplies", "warehouse"),
    "choosing-tools": ("tool selection", "tools"),
    "installing": ("installation", "installing", "fitting", "assembly", "setup"),
    "running-machines": ("machinery", "machines", "operating", "operation", "driving", "forklift", "cnc", "tractor"),
    "watching-displays": ("gauges", "screens", "surveillance"),
    "looking-after-equipment": ("maintenance", "servicing", "calibration"),
    "finding-faults": ("diagnostics", "debugging", "faults", "fault"),
    "repairing": ("repair", "repairs", "repairing", "mending", "restoration", "refurbishment"),
    "checking-quality": ("quality", "testing", "inspections", "inspecting", "qa"),
    "improving-tools": ("prototyping", "improvement", "ergonomics"),
    "listening": ("listening", "interviewing"),
    "speaking-clearly": ("communication", "speaking", "verbal", "telephone", "phone manner"),
    "speaking-to-groups": ("presentations", "lecturing", "hosting", "speeches"),
    "convincing-others": ("selling", "fundraising", "pitching", "upselling", "persuading", "lobbying"),
    "negotiating": ("negotiating", "negotiations", "bargaining", "contracts"),
    "running-meetings": ("meetings", "workshops", "facilitating", "moderation", "chairing"),
    "reading-people": ("compassion", "sensitivity", "body language"),
    "working-in-a-team": ("team", "cooperation", "teams"),
    "helping-people": ("customer", "customers", "client", "patients", "care", "guest", "support", "hospitality"),
    "networking": ("relationships", "stakeholder", "stakeholders", "partnerships", "outreach"),
    "working-across-cultures": ("culture", "cultures", "diversity", "inclusion"),
    "handling-conflict": ("conflict", "conflicts", "de escalation", "complaints", "complaint handling"),
    "teaching-others": (
        *("training", "tutoring", "instruction", "instructing", "onboarding", "teacher", "mentorship", "apprentices"),
    ),
    "leading-a-team": ("supervising", "supervisor", "manager", "delegation", "delegating", "staff", "motivating"),
    "giving-feedback": ("feedback", "appraisals", "performance management"),
    "taking-feedback": ("criticism", "self reflection"),
}

# These names are everyday words or places, so only the phrases listed above find them.
NOT_BY_NAME = frozenset({"reading", "writing", "repairing", "listening", "installing"})

# Words for a level. Of two phrases that start at the same word, the longer one counts.
LEVEL_WORDS: dict[int, tuple[str, ...]] = {
    1: (
        "awareness of",
        "an interest in",
        "interest in",
        "willingness to learn",
        "willing to learn",
        "beginner",
        "entry level",
    ),
    2: ("basic", "some", "elementary", "fundamental", "familiarity with", "familiar with", "understanding of"),
    3: (
        *(
            "good",
            "sound",
            "solid",
            "competent",
            "competence in",
            "proficient",
            "proficiency in",
            "confident",
            "skilled",
        ),
        *(
            "experience of",
            "experience in",
            "experience with",
            "ability to",
            "able to",
            "intermediate",
            "working knowledge",
        ),
        *("good understanding of",),
    ),
    4: (
        *("very good", "strong", "excellent", "advanced", "proven", "extensive", "in depth", "outstanding"),
        *("exceptional", "highly skilled", "highly developed", "significant", "substantial", "thorough", "superb"),
    ),
    5: ("expert", "expertise in", "expert level", "mastery of", "world class", "leading authority"),
}

# Fields of knowledge in our list. Their names are everyday words ("History", "Law and rules").
KNOWLEDGE = frozenset(
    {
        *("management", "office-work", "accounts", "sales-and-marketing", "customer-service", "staff-and-hiring"),
        *("psychology", "medicine", "therapy", "education", "law", "public-safety", "societies", "history"),
        *("beliefs-and-ethics", "english", "other-languages", "fine-arts", "media", "mathematics", "physics"),
        *("chemistry", "biology", "geography", "computers", "telecoms", "mechanics", "transport", "production"),
        *("food-production", "engineering", "design", "construction"),
    }
)
# Before the name of a field of knowledge: it is asked for, and not only named.
KNOWS = frozenset({"knowledge", "knowing", "background", "understanding", "expertise", "qualified", "trained"})
# Right before a skill they mean the same for this skill only.
NEGATIONS = frozenset({"no", "without"})
