"""Everyday phrases by which adverts ask for a skill. How they are written: patterns.py. English only."""

CLASSES: dict[str, frozenset[str]] = {
    name: frozenset(words.replace(",", " ").split())
    for name, words in {
        "people": """
        people customer customers client clients guest guests caller callers patient patients reader readers visitor
        visitors resident residents passenger passengers member members user users shopper shoppers family families
        parent parents child children pupil pupils student students tenant tenants public person them others buyer
        buyers diner diners shopkeeper shopkeepers citizen citizens
    """,
        "staff": """
        colleague colleagues staff team teams apprentice apprentices trainee trainees newcomer newcomers junior
        juniors assistant assistants volunteer volunteers employee employees intern interns starter starters learner
        learners adviser advisers advisor advisors operator operators technician technicians worker workers crew
        crews student students pupil pupils people department brigade shift group nurses drivers cooks engineers
        clerks teachers carers cleaners guards chefs porters sous waiters waitresses sellers apprentices beginners
        recruits
    """,
        "machine": """
        machine machines machinery mower tractor excavator forklift forklifts crane lathe saw saws vehicle vehicles
        van vans lorry lorries truck trucks bus buses press digger loader drill drills plane roller sweeper car cars
        tram trams train trains harvester grinder oven ovens line lines robot robots printer printers hgv coach
        coaches minibus trolley kiln mixer boiler boilers bulldozer chainsaw plant
    """,
        "device": """
        equipment instrument instruments machine machines machinery tool tools vehicle vehicles plant device devices
        engine engines pump pumps boiler boilers mower mowers oven ovens knife knives blade blades kit gear motor
        motors lift lifts fleet apparatus hardware printers fridges ovens tanks filters van vans
    """,
        "docs": """
        letter letters report reports notice notices email emails document documents text texts copy article
        articles statement statements application applications manual manuals plan plans minutes instructions
        proposal proposals summary summaries blog blogs post posts newsletter newsletters guide guides note notes
        story stories brief briefs paper papers description descriptions speech speeches content captions press bids
        reviews
    """,
        "sources": """
        lease leases contract contracts plan plans drawing drawings standard standards manual manuals report reports
        instruction instructions document documents sheet sheets law laws script scripts map maps paper papers
        guideline guidelines specification specifications letter letters recipe recipes regulation regulations file
        files label labels chart charts literature studies blueprint blueprints schematics prescription
        prescriptions
    """,
        "conflict": """
        quarrel quarrels dispute disputes conflict conflicts argument arguments complaint complaints disagreement
        disagreements grievance grievances tension tensions row rows trouble
    """,
        "screens": """
        screen screens gauge gauges display displays dial dials reading readings alarm alarms monitor monitors panel
        panels cctv instruments dashboard dashboards temperatures pressures
    """,
        "software": """
        software database databases computer computers crm spreadsheet spreadsheets excel app apps programs internet
        laptop tablet tablets erp sap office word outlook
    """,
        "stock": """
        stock supplies supply material materials part parts goods seed seeds paint equipment wood timber ingredients
        ingredient food consumables paper medicine medicines fertiliser feed fuel fabric linen items tools inventory
        merchandise products produce uniforms
    """,
        "figures": """
        figure figures number numbers data statistics census accounts times sales results rates costs
    """,
        "money": """
        budget budgets cash money payments payment spending costs invoices invoice accounts expenses
    """,
        "fittings": """
        kitchen kitchens door doors window windows pipe pipes unit units part parts cable cables sockets panels
        boiler boilers goals nets shelves furniture stage stand stands tent tents exhibition equipment machines
        machine system systems workstation workstations alarms cameras scaffolding radiators tiles carpets
    """,
    }.items()
}

# By the key of a skill. A phrase is enough: the clause that it stands in says whether it is asked for (clauses.py).
PHRASES: dict[str, str] = {
    "critical-thinking": """
        analytical skills/mind/ability/approach/thinking/thinker, critical thinker/eye/mind/thinking, sound/good
        judgement/judgment, weigh* ~2 whether/evidence/argument/option/risk/claim/pros,
        test*/question*/challenge*/examine* ~2 claim/assumption/evidence/argument/theory, judge* which/what,
        evaluate*/assess* ~2 evidence/information/source/option/argument/risk, spot* ~2
        flaw/inconsistency/contradiction, tell* facts from, logical thinking/thinker/mind, draw* ~2 conclusions,
        questioning mind
    """,
    "solving-problems": """
        problem solving, problem solver, solve*/tackle*/crack*/overcome* ~2 problem/issue/difficulty/challenge,
        find*/work* out why ~3 keep*/happen*/problem/complaint, find*/offer*/work* ~2 solution, find* ~1 way
        round/around, find* ~1 way out, root cause, think* on your feet, resourceful, sort* ~2 problem/issue,
        troubleshooting complex problems, practical solutions, creative solutions
    """,
    "making-decisions": """
        decision making, decision maker, decisive, decide* ~3 on/whether/which/what/when/how, make*/take* ~2
        decision, you decide, say* whether, use* your own judgement, stand* by ~1 decision, have* the final say, own
        initiative
    """,
    "seeing-the-whole": """
        systems thinking, strategic thinking/thinker/overview, big/bigger/wider/whole picture, see*/understand* how
        ~6 affect*/move*/change*/fit*/hang*/influence*, knock on effects, think* ~1 strategically, keep* ~2
        overview, see* the whole
    """,
    "measuring-results": """
        key performance indicator, kpi, performance indicator, measure* ~2 outcome/result/impact/success, audit,
        look* at ~3 {figures}, analyse*/analyze*/review*/track*/evaluate* ~2
        result/performance/outcome/target/impact, whether ~4 work*, performance data, what works, report* on ~2
        results
    """,
    "finding-out-needs": """
        requirements analysis, needs analysis, business analysis, gather*/collect* ~2 requirements, find*/work* out
        ~8 need*/want*, understand*/identify*/assess*/establish* ~3 need/requirement/wish, ask* ~3 what ~2
        need*/want*, take* ~2 brief, consult* ~2 {people}
    """,
    "reading": """
        reading comprehension, reading skills, literacy, read*/study* ~3 {sources}, follow* written instructions,
        look* ~2 up in ~2 {sources}, work* from drawings, read* plans
    """,
    "writing": """
        writing skills, written communication/english/skills, report/letter/bid/creative/technical writing,
        write*/draft*/compose*/prepare* ~3 {docs}, write* up, copywriting, write* clearly/well, put* ~3 in/into
        writing, edit* ~2 {docs}, take* ~1 minutes, good writer, clear writer, written, written and verbal
    """,
    "working-with-numbers": """
        numeracy, numerate, numerical skills/ability, mathematics, maths, statistics, good/confident/at ease with
        numbers/figures, head for figures/numbers, work* out ~3
        average/cost/price/quantity/amount/limit/total/dose/percentage/ratio/wages, calculate*/add* ~3
        cost/price/quantity/amount/total/dose/average/wage/material/percentage/load, calculations,
        balance*/reconcile* ~2 till/books/account/figure/cash/ledger, cash up, read*/analyse*/analyze*/interpret* ~4
        {figures}, count* ~2 money/cash/change
    """,
    "using-science": """
        scientific method/knowledge/experiment, laboratory/lab technique/work/skill/experience/test/analysis,
        take*/analyse*/test* ~2 samples, run*/carry*/perform*/do* ~4 assay/experiment/analysis,
        chemical/bacterial/biological/clinical/microbiological ~3 test/analysis, run* experiments, research methods
    """,
    "digital-skills": """
        it/computer/digital skills, computer literate, computer literacy, microsoft office, ms office, excel,
        microsoft excel, microsoft word, spreadsheet, word processing, data entry,
        case/booking/office/accounting/till software, use*/using/work* ~3 {software}, at ease with ~2
        email/e/computer/software, into ~2 database/system/computer, online form/system, booking system,
        comfortable/confident with ~2 computer/technology/software, tech savvy, our
        case/booking/planning/ordering/till/office software/system
    """,
    "programming": """
        software development, coding, python, java, javascript, sql, write* ~2 code, develop* ~2
        software/app/website, programming, programmer
    """,
    "learning-new-things": """
        learn* quickly/fast, fast/quick/keen learner, eager/keen/willing/ready/happy to learn, pick* ~4 up ~3
        week/day/quickly/fast/month, pick* it up, pick* up ~1 new/things/quickly, quick to pick/learn,
        readiness/willingness/ready/willing/keen/able to take/learn*, take* in ~1 new, learn* new, willingness to
        learn, keep* up to date, keep* abreast, open to new, curious
    """,
    "choosing-how-to-learn": """
        learning methods, training methods, instructional design, plan* ~2 training/lesson/course, choose* ~2
        teaching/learning ~1 method
    """,
    "checking-progress": """
        monitor*/track*/follow* ~3 progress, performance monitoring, monitor* performance, keep* ~2 on track, keep*
        an eye on ~3 progress/deadlines, check* ~2 progress, chase* ~2 progress
    """,
    "adapting-to-change": """
        adaptable, adaptability, adapt* ~1 to/quickly/well, flexible approach, flexibility, changing environment,
        flexible, in your stride, turn* the ~2 round/around, deal*/cope* with ~2 change, changing ~1
        priorities/needs/demands, respond* to change, change* at short notice, whenever the rules change, plans
        change
    """,
    "staying-calm": """
        calm under pressure, work* ~2 under pressure, resilience, resilient, stay*/remain*/keep* ~1 calm, keep* ~1
        head/cool/nerve/temper, level headed, composed, under pressure, calm manner, calm head, unflappable, steady
        nerves, handle* stress, cope* with pressure, nerves of steel
    """,
    "managing-time": """
        time management, meet*/hit*/keep*/work* ~2 deadline, tight deadline, prioritise* ~, prioritize* ~,
        prioritise, prioritize, prioritisation, organisational skills, organizational skills, well organised, well
        organized, manage* ~2 workload/time/diary/schedule, plan*/organise*/organize* ~2
        rota/schedule/day/week/shift/work/workload/diary/time/route, keep* ~3 dates, on time, punctual, punctuality,
        juggle* ~, several things at once, schedule* ~2 work/appointment/shift, ready at ~4, good timekeeping,
        timekeeping
    """,
    "managing-money": """
        budget management, budgetary control, financial management, financial planning, cost control, budgeting,
        manage*/control*/hold*/keep*/plan*/oversee*/set*/run* ~4 budget, within ~2 budget, experience of/with
        budget, budget responsibility, handle* ~2 cash/money/payment, take* payment, cash handling, keep* ~1 books,
        bookkeeping, invoicing, process* ~2 invoice/payment, responsible for ~3 budget/cost/spending, budget holder,
        good/strong/solid/basic budget, cash up
    """,
    "managing-materials": """
        stock control, stock management, inventory management, resource management, stocktaking, order* ~2 {stock},
        keep* ~4 supplied/stocked/stock, load* and unload*,
        load*/unload* ~3 lorry/van/trailer/vehicle/good, secure* ~2 load,
        check*/count*/manage*/replenish*/receive*/rotate* ~2 {stock}, before they
        run out, run* low, purchase* ~2 {stock}, manage* ~2 inventory, stock taking
    """,
    "choosing-tools": """
        equipment selection, pick*/choose*/select* ~3 machine/tool/equipment/material/fabric/instrument, right
        tool/equipment/machine
    """,
    "installing": """
        installation of equipment, equipment installation, install* ~3 {fittings}, put*/set* up ~3 {fittings},
        fit*/mount*/assemble* ~3 {fittings}, wire* up, install* and, flat pack, assemble* ~
    """,
    "running-machines": """
        operating machines, machine operation, machine operator, drive* ~5 {machine}, deliver* ~4
        to ~2 site/home/shop/store/address, operate* ~3 {machine}, run* ~1
        machine/press/lathe/saw/line, work* ~1 machine/lathe/saw, power tools, driving ~1 experience, set* ~1
        lathe/press
    """,
    "watching-displays": """
        monitor*/watch*/check*/read* ~3 {screens}, keep* ~1 eye on ~3 {screens}, control room, patient monitoring,
        monitor* vital signs, watch* over ~2 {screens}
    """,
    "looking-after-equipment": """
        equipment maintenance, routine/preventive/vehicle/machine maintenance, maintain* ~3 {device},
        clean*/service*/calibrate*/oil*/grease*/lubricate*/sharpen* ~5 {device}, sharpen* ~, calibrate* ~, look*
        after ~2 {device}, keep* ~2 {device} ~3 clean/sharp/order/running, daily checks on ~2 {device}, check* ~2
        {device} before/daily, walk round check*
    """,
    "finding-faults": """
        fault finding, troubleshoot*, report* ~2 defect/fault,
        diagnose*/trace*/locate*/find*/detect* ~2 fault/defect/leak, find*/work* out
        why ~4 start/work/fail/run/stop/break/leak, find*/work* out which part/piece, find*/work* out what is wrong,
        why ~4 will not start, diagnose* ~2 problem
    """,
    "repairing": """
        repair work, repair* ~, carry* out ~1 repair, mend* ~, fix* ~2 {device}, do* ~2 repair, change*/replace* ~2
        belt/blade/part/tyre/seal/filter/bearing/fuse/washer/tap/bulb, minor/basic/small repair
    """,
    "checking-quality": """
        quality control/assurance/check/inspection, inspect* ~, inspection, judge* whether ~3 pass/good/safe, check*
        ~5 against/accuracy/defect/error/mistake/quality/standard/measurement/index/page, proofread* ~, test* ~2
        product/goods, spot* ~2 mistake/error/defect, check* every/each ~
    """,
    "improving-tools": """
        technology design, product design, improve* ~2 equipment/tool/machine, adapt* ~2 equipment/tool/machine,
        design* ~2 tool/equipment
    """,
    "listening": """
        active listening, active listener, listening skills, good/great/patient/careful/attentive listener, listen*
        ~, take* down what ~2 tell*/say*, hear* people out, listening ear
    """,
    "speaking-clearly": """
        verbal/oral/spoken communication/english/skills, communication skills, communicator, good/excellent/clear
        communication, communicate* ~, speak* ~1 clearly/plainly/well/confidently, explain* ~, verbal and written
        communication, telephone manner, phone manner, clear speaker, well spoken, articulate, clear voice, strong
        communication
    """,
    "speaking-to-groups": """
        public speaking, presentation skills, presenting, presentation, give*/deliver*/make*/hold* ~2
        presentation/talk/lecture/speech/tour, present* ~3 to, hold*/lead*/run* ~2 story
        hour/tour/class/lesson/workshop, story hour, speak* ~1 to/before/front ~3 groups/audience/class, guide*
        tours, public speaker, present* ~2 results/findings/draft/idea/product
    """,
    "convincing-others": """
        persuasion, persuade* ~, persuasive, influencing skills, influence* ~, convince* ~, win* over ~, win* ~1
        new, win* ~2 customer/client/support/order/business, sell* ~, upsell* ~, sales, offer* ~5 such a way, pitch*
        ~2 idea/product/story, fundraising, close* ~1 deal/sale
    """,
    "negotiating": """
        negotiate* ~, negotiation, negotiation skills, negotiator, agree* ~1 term/price/contract/deal/fee, bargain*
        ~
    """,
    "running-meetings": """
        chair* ~2 meeting/evening/session/committee/board/discussion, facilitation, facilitate* ~, hold*/run*/lead*
        ~5 meeting/stand/standup/briefing/workshop/discussion, moderate* ~2 meeting/discussion, run* meetings
    """,
    "reading-people": """
        emotional intelligence, empathy, empathetic, empathic, social perceptiveness,
        notice*/see*/sense*/spot*/recognise* ~1 when/if/how ~1
        somebody/someone/people/person/child/guest/patient/customer/client/they, sensitive to ~2 need/feeling/mood,
        tact, tactful, read* people, put* ~1 in ~2 shoes, people s moods, feel* ~2 when somebody
    """,
    "working-in-a-team": """
        team player, teamwork, team work, collaborative, collaboration, collaborate* ~, work* ~3 in a team, work* ~3
        part of a team, hand* over to ~2 {staff}, step* in for ~2 {staff}, give*/lend* ~2 hand, pull together, team
        spirit, work* ~1 closely with, work* ~2 alongside, get* on ~1 with ~3 {staff}, help*/support* ~1 {staff}
        out, good colleague, work* ~1 together, help* ~1 colleagues, team oriented
    """,
    "helping-people": """
        customer/client/patient/guest care/service, service orientation, service minded,
        help*/assist*/welcome*/greet*/serve*/advise*/support* ~3 {people}, look* after ~2 {people}, care* for ~3
        {people}, answer* ~3 question/query/enquiry/call, caring nature, meet* ~1 needs of, wait* on, attend* to ~2
        {people}, deal* with ~2 {people}, represent* ~3 company/politely
    """,
    "networking": """
        networking, build*/develop*/maintain*/form*/nurture* ~3 relationship/contact/partnership/network,
        relationship building, stakeholder management/engagement/relations, keep*/stay* in touch, know* who/whom to,
        know* ~2 people in, liaise* ~ with, liaise* with, well connected, make* ~2 contacts
    """,
    "working-across-cultures": """
        intercultural, cross cultural, multicultural, cultural awareness, diverse teams, cultural sensitivity,
        different/other/all/many/diverse culture/background/country/nationality, from ~4
        country/culture/background/nationality, international ~1 team/guest/client/colleague, people from ~3 world,
        manners ~1 different
    """,
    "handling-conflict": """
        conflict resolution/management, manage*/resolve*/settle*/defuse*/mediate*/handle*/calm* ~3 {conflict},
        mediation, mediate* ~, de escalate* ~, deal* with ~3 {conflict}, difficult/angry/upset/aggressive
        customer/people/caller/client/guest, when ~3 complain*/shout*, both sides, bring* ~1 temperature down, keep*
        the peace, difficult conversations
    """,
    "teaching-others": """
        teach* ~, teaching, train* ~2 {staff}, training staff/others, train* others, show* ~2 {staff} how, show* ~2
        {people} how, bring* ~3 up to speed, instruct* ~2 {staff}, mentor* ~2 {staff}, mentoring, coach* ~2 {staff},
        coaching, induct* ~2 {staff}, onboard* ~2 {staff}, tutor* ~, guide* ~2 {staff}, pass* on ~3
        knowledge/skill/experience, give* ~2 lesson/instruction, training of, staff training
    """,
    "leading-a-team": """
        leadership, leadership skills, team leader, people management, line management, staff management, team
        leadership, lead*/manage*/supervise*/head*/run* ~2 {staff}, lead* ~1 people, in charge of ~3 {staff},
        responsible for ~3 {staff}, supervisory experience, delegate* ~, motivate* ~2 {staff}, lead* teams
    """,
    "giving-feedback": """
        give*/provide* ~3 feedback, constructive feedback, appraisal, performance reviews, tell* ~2 honestly, tell*
        ~3 what went, feed* back to, review* ~2 work of
    """,
    "taking-feedback": """
        open to feedback/criticism, receive*/take*/accept*/welcome* ~2 feedback/criticism, reflective practice, ask*
        for ~2 feedback/examples, act* on ~2 feedback/criticism, act* on them, learn* from ~2
        mistake/criticism/feedback
    """,
}  # fmt: skip

# A word before one of these is a part of its name: "reading room".
PLACES = frozenset({"room", "rooms", "office", "offices", "department", "departments", "floor", "shop", "hall"})
# Right after a phrase these make it the name of a place or a person, not something to do: "sales office".
NAMES_AFTER = frozenset(
    {
        *("office", "offices", "department", "departments", "director", "directors", "partner", "partners", "agency"),
        *("house", "firm", "company", "association", "assistant", "ledger", "floor", "room", "contract", "class"),
        *("course", "budget", "award"),
    }
)
