"""Adverts as they are written, for the tests of reading them. Invented, after the manner of real ones."""

NURSE = """Ward Manager (Band 7), Northgate NHS Foundation Trust, Reading

About you
• Registered nurse with proven leadership of a clinical team
• Excellent communication, negotiation and presentation skills
• Experience of budget management; able to chair meetings
• Basic Excel. Programming is not required.
We offer 27 days of leave. Full training in our rostering software will be given.
"""
SALES = """Are you an expert negotiator? We're hiring an Account Executive!

You bring:
- Strong sales and public-speaking skills
- A good understanding of spreadsheets, but no coding experience
- Outstanding time management; you prioritise well and stay calm under pressure
- Some conflict resolution
Nice to have: negotiating in French.
"""
TECHNICIAN = """MAINTENANCE TECHNICIAN (m/f/d)
Your profile: sound knowledge of fault-finding, troubleshooting at an advanced level, equipment maintenance
You work in a team and you are a team player. Willingness to learn Python.
Without sales targets!
"""
NOTHING = "Helper wanted for Saturdays. Ring the bell twice. No forms, cash in hand."
