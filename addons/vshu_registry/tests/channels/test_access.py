"""Every model × every role × every operation: what the rights say, and what an attempt on real records shows.

The tables are complete: a model of the addon that is not in them fails the test.
"""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.models.regulation.vshu_regulation import CATALOGS
from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import SECRET, AccessCommon
from ..case.test_flow import TODAY
from ..common import REGISTER, slow

STAFF = ("class_teacher", "subject_teacher", "psychologist", "social_pedagogue", "deputy_head", "head")
OFFICE = ("social_pedagogue", "deputy_head", "head")
READERS = ("psychologist", *OFFICE)
OUTSIDERS = ("plain", "portal", "public")
OPERATIONS = {"r": "read", "c": "create", "w": "write", "u": "unlink"}


def rights(staff="", administrator="", **roles):
    """Return {who: operations}: the same for all staff but for those who are named."""
    result = dict.fromkeys((*STAFF, "curator", "class_teacher_b"), staff)
    return {**result, **dict.fromkeys(OUTSIDERS, ""), "administrator": administrator, **roles}


def office(operations, **roles):
    """Return the operations of those who keep the register, and of whoever is named."""
    return {**dict.fromkeys(OFFICE, operations), **roles}


#: kept by the administrator, read by all staff
SETTINGS = rights("r", "rcwu")
#: people's records: rules narrow the rights of staff, the social pedagogue and the administrator keep them
PEOPLE = rights("rcw", "rcwu", social_pedagogue="rcwu")
#: model → what the access rights give before any rule narrows it
MODELS = {
    **dict.fromkeys(
        (
            "vshu.basis",
            "vshu.calendar.exception",
            "vshu.class",
            "vshu.class.teacher",
            "vshu.deadline.rule",
            "vshu.decision.form",
            "vshu.decision.kind",
            "vshu.document.requirement",
            "vshu.document.type",
            "vshu.enrollment.end.reason",
            "vshu.ground",
            "vshu.ground.category",
            "vshu.notice.rule",
            "vshu.regulation",
            "vshu.removal.reason",
            "vshu.route",
            "vshu.school",
            "vshu.school.term",
            "vshu.school.year",
            "vshu.social.category",
            "vshu.standin",
            "vshu.term.rule",
            "vshu.petition.kind",
        ),
        SETTINGS,
    ),
    "vshu.role": rights("r", "r"),
    "vshu.enrollment": rights("r", "rcwu", social_pedagogue="rcw"),
    **dict.fromkeys(("vshu.guardian", "vshu.family", "vshu.category.entry", "vshu.external.record"), PEOPLE),
    "vshu.case": rights("rcw", **office("rcwu")),
    "vshu.case.term": rights("r"),
    "vshu.signal": rights("rcwu"),
    "vshu.assignment": rights("rcw", **office("rcwu")),
    "vshu.decision": rights("rcwu"),
    "vshu.document": rights("rcwu"),
    **dict.fromkeys(("vshu.characteristic", "vshu.survey", "vshu.survey.member"), rights("rcwu")),
    "vshu.notice": rights("rcw"),
    "vshu.notice.mark": rights("rcw"),
    "vshu.journal.entry": rights("r"),
    "vshu.journal.correction": rights("rc"),
    "vshu.deadline": rights("r"),
    "vshu.finding": rights("rw"),
    "vshu.reason": rights("rcw"),
    "vshu.viewers": rights("rcw"),
    "vshu.viewers.line": rights("rcw"),
    "vshu.sealed": rights("rcwu"),
    "vshu.sealed.reading": rights("r"),
    "vshu.recommendation": rights("rcwu"),
    "vshu.recommendation.line": rights("rcwu"),
    "vshu.transfer": rights("rwu"),
    "vshu.transfer.paper": rights("rw"),
    "vshu.transfer.dialog": rights("rcw"),
    "vshu.transfer.import": rights("rcw"),
    "vshu.intervention.kind": SETTINGS,
    "vshu.intervention": rights("rcw"),
    "vshu.intervention.change": rights("rcw"),
    "vshu.family.person": PEOPLE,
    "vshu.family.situation": rights("rcw"),
    "vshu.family.move": rights("rc", "rc"),
    # rules leave class lists to those who keep people's records, lists of stays to those who keep the register
    "vshu.import": rights("rcwu", "rcwu"),
    **dict.fromkeys(("vshu.import.column", "vshu.import.line"), rights("rw", "rw")),
    **dict.fromkeys(("vshu.petition", "vshu.parent.fact"), rights("rcw", **office("rcwu"))),
    "vshu.petition.answer": rights("rcw"),
    **dict.fromkeys(("vshu.year.close", "vshu.year.close.class", "vshu.year.close.line"), rights("rcw", "rcw")),
    "vshu.merge": rights("rcw"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.bag = cls.kz

    def own_models(self):
        """Return the names of the models that the addon brings."""
        return {name for name, cls in self.env.registry.items() if cls._original_module in REGISTER}

    def test_table_is_complete(self):
        """Every model of the addon is in the tables, each with every role."""
        own = self.own_models()
        abstract = {name for name in own if self.env.registry[name]._abstract}
        self.assertEqual(own - abstract, MODELS.keys())
        # models without records: nobody has a right on them, whatever they offer is tested with those that take it
        rights = self.env["ir.model.access"].search([("model_id.model", "in", list(abstract))])
        self.assertFalse(rights)
        for model, table in MODELS.items():
            self.assertEqual(table.keys(), set(self.everybody), model)

    def test_model_rights(self):
        """Model × role × operation, as the access rights have it."""
        for model, table in MODELS.items():
            for who, operations in table.items():
                view = self.see(self.bag, who, self.env[model])
                found = "".join(letter for letter, name in OPERATIONS.items() if view.has_access(name))
                self.assertEqual(found, operations, f"{model}: {who}")

    def test_own_models_have_rules(self):
        """Whatever holds a school is kept apart by a global rule; no model of the addon is without one or shared."""
        shared = {"vshu.role"}
        ruled = set(self.env["ir.rule"].search([("groups", "=", False)]).mapped("model_id.model"))
        self.assertEqual({model for model in MODELS if model not in ruled}, shared)

    def check(self, records, table, vals=None, skip=()):
        """Try to read, write and delete ``records`` as everybody; ``table`` says who may what ("rwu")."""
        for who in self.everybody:
            if who in skip:
                continue
            view = self.see(self.bag, who, records)
            found = ""
            if self.may(view.read, ["display_name", "create_date"]):
                found += "r"
            if self.may(view.write, vals or {}):
                found += "w"
            if self.may(view.unlink):
                found += "u"
            self.assertEqual(found, table.get(who, ""), f"{records}: {who}")
            listed = (
                view.search([("id", "in", records.ids)])
                if view.has_access("read") or "r" in found
                else records.browse()
            )
            self.assertEqual(bool(listed), "r" in found, f"search of {records}: {who}")

    def check_create(self, model, vals, allowed):
        """Try to create a record as everybody."""
        for who in self.everybody:
            view = self.see(self.bag, who, self.env[model])
            self.assertEqual(self.may(view.create, dict(vals)), who in allowed, f"create {model}: {who}")

    # -- cases and what hangs on them ----------------------------------------------------------------------------------

    def test_case(self):
        """Own class, curator, the school by role; a case that is over is closed to teacher and curator."""
        vals = {"measures_before": "Беседа"}
        self.check(self.bag.case, office("rw", psychologist="r", class_teacher="r", curator="rw"), vals)
        self.check(self.bag.case_b, office("rw", psychologist="r", class_teacher_b="rw"), vals)
        self.check(self.bag.case_closed, office("r", psychologist="r"), vals)
        self.check(self.bag.case_draft, office("rwu", psychologist="r", class_teacher="r", curator="rw"), vals)
        student = self.make_student(self.bag, "Новый Ученик", self.bag.class_a)
        self.check_create("vshu.case", {"student_id": student.id}, OFFICE)

    def test_curator_is_named_by_the_office(self):
        """A curator does not hand the case over nor set the council's day; nobody renames a case."""
        for who in ("curator", *OFFICE):
            case = self.see(self.bag, who, self.bag.case)
            for vals in (
                {"curator_id": self.bag.teacher_b.id},
                {"hearing_date": "2026-11-05"},
                {"submitter_id": False},
            ):
                self.assertEqual(self.may(case.write, vals), who in OFFICE, f"{vals}: {who}")
            for vals in ({"name": "Петров"}, {"watch_until": "2027-05-01"}, {"date_end": "2030-01-01"}):
                self.assertFalse(self.may(case.write, vals), f"{vals}: {who}")

    def test_decision(self):
        """Decisions are read with the case, typed by those whom the route names; what was carried out stands."""
        self.check(self.bag.decision, office("rw", psychologist="r", class_teacher="r", curator="r"), {"text": "…"})
        self.check(self.bag.decision, office("r", psychologist="r", class_teacher="r", curator="r"), {"number": "9"})
        self.check(
            self.bag.case_b.placement_decision_id, office("rw", psychologist="r", class_teacher_b="r"), {"text": "…"}
        )
        self.check(self.bag.case_closed.decision_ids, office("rw", psychologist="r"), {"text": "…"})
        kind = self.ref("kz_kind_16_extend")
        vals = {"case_id": self.bag.case.id, "kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "4"}
        self.check_create("vshu.decision", vals, OFFICE)
        draft = self.env["vshu.decision"].create(vals)
        self.check(draft, office("rwu", psychologist="r", class_teacher="r", curator="r"), {"number": "5"})

    def test_document(self):
        """Papers are read with the case; each is given by its role, taken off the list by the office only."""
        table = office("rwu", psychologist="rw", class_teacher="rw", curator="rw")
        paper = self.env["vshu.document"].search(
            [("case_id", "=", self.bag.case.id), ("requirement_id", "!=", False)], limit=1
        )
        self.check(paper, table, {"note": "…"})
        given = {"on_paper": True, "date": TODAY}
        self.check(self.bag.document, office("rwu", psychologist="ru", class_teacher="rwu", curator="rwu"), given)
        self.check(self.bag.document_office, office("rwu", psychologist="ru", class_teacher="ru", curator="ru"), given)
        other = self.bag.case_b.document_ids[0]
        self.check(other, office("rwu", psychologist="rw", class_teacher_b="rw"), {"note": "…"})
        closed = self.bag.case_closed.document_ids[0]
        self.check(closed, office("r", psychologist="r"), {"note": "…"})
        vals = {"case_id": self.bag.case.id, "type_id": self.bag.document.type_id.id}
        self.check_create("vshu.document", vals, (*OFFICE, "class_teacher", "curator"))
        vals.update(given)
        self.check_create("vshu.document", vals, (*OFFICE, "class_teacher", "curator"))

    def test_term_and_journal(self):
        """Periods are read with the case; the journal by role; only the office corrects, nobody changes."""
        self.check(self.bag.term, dict.fromkeys((*READERS, "class_teacher", "curator"), "r"), {"months": 9})
        self.check(self.bag.entry, dict.fromkeys(READERS, "r"), {"subject_name": "…"})
        self.check(self.bag.correction, dict.fromkeys(READERS, "r"), {"reason": "…"})
        vals = {"entry_id": self.bag.entry.id, "field_name": "address", "new_value": "ул. Абая, 1", "reason": "описка"}
        self.check_create("vshu.journal.correction", vals, OFFICE)
        entry = self.bag.entry.copy_data()[0]
        self.check_create("vshu.journal.entry", entry, ())
        self.check_create("vshu.case.term", {"case_id": self.bag.case.id, "kind": "extension", "date_from": TODAY}, ())

    def test_deadline(self):
        """Clocks: mine, of the cases that I am curator of, of the school by role; kept by the system only."""
        self.check(self.bag.deadline, dict.fromkeys((*READERS, "curator"), "r"), {"date_due": "2030-01-01"})
        self.bag.deadline.user_id = self.bag.user_b
        self.check(
            self.bag.deadline, dict.fromkeys((*READERS, "curator", "class_teacher_b"), "r"), {"date_due": "2030-01-01"}
        )

    def test_signal(self):
        """Signals: own ones, those of the school by role; words belong to the author, deleting to the author only."""
        vals = {"ground_id": self.ref("kz_ground_18_1").id}
        self.check(self.bag.signal_b, office("rw", psychologist="r", class_teacher_b="rwu"), vals)
        self.check(self.bag.signal_b, office("r", psychologist="r", class_teacher_b="rwu"), {"description": "Другое"})
        for who in (*STAFF, "curator"):
            signal = self.signal(self.bag, who)
            table = dict.fromkeys(READERS, "r")
            table.update(dict.fromkeys(OFFICE, "rw"), **{who: "rwu"})
            self.check(signal, table, vals)
        vals = {"student_id": self.bag.student.id, "description": "…", "intake_kind": "appeal"}
        self.check_create("vshu.signal", vals, (*STAFF, "curator", "class_teacher_b"))
        vals["intake_kind"] = "application"
        self.check_create("vshu.signal", vals, OFFICE)
        vals["intake_kind"] = "automatic"
        self.check_create("vshu.signal", vals, ())

    def test_signal_taken_up(self):
        """What the office works with already, its author changes and deletes no more; the case stays hidden."""
        signal = self.signal(
            self.bag, "subject_teacher", student_id=self.make_student(self.bag, "Ещё", self.bag.class_b).id
        )
        self.as_(self.bag, "deputy_head", signal).action_accept()
        author = self.see(self.bag, "subject_teacher", signal)
        self.assertEqual(author.read(["author_state"])[0]["author_state"], "in_work")
        for vals in (
            {"ground_id": False},
            {"measures_taken": "…"},
            {"date_received": "2026-09-01"},
            {"kind": "control"},
        ):
            self.assertFalse(self.may(author.write, vals), vals)
        self.assertFalse(self.may(author.unlink))
        self.check(signal, office("rw", psychologist="r", subject_teacher="r"), {"ground_id": False})
        for who in ("subject_teacher", "class_teacher", "class_teacher_b", "curator"):
            self.bag.users[who].group_ids += self.env.ref("base.group_allow_export")
            view = self.see(self.bag, who, signal)
            self.assertRaises(AccessError, view.read, ["case_id"])
            self.assertRaises(AccessError, view.search, [("case_id", "!=", False)])
            self.assertNotIn("case_id", view.fields_get())
            self.assertRaises(AccessError, view.formatted_read_group, [], ["case_id"], ["__count"])
            self.assertRaises(AccessError, view.export_data, ["case_id/name"])

    def test_assignment(self):
        """Assignments: the person in charge reports; the office sets them; the psychologist reads."""
        self.check(self.bag.assignment, office("rwu", psychologist="r", curator="rw"), {"report": "Сделано"})
        self.check(self.bag.assignment, office("rwu", psychologist="r", curator="r"), {"date_due": "2027-01-01"})
        vals = {
            "name": "…",
            "case_id": self.bag.case.id,
            "employee_id": self.bag.teacher_b.id,
            "date_due": "2026-12-01",
            "company_id": self.bag.company.id,
        }
        self.check_create("vshu.assignment", vals, OFFICE)

    def test_wizards(self):
        """A dialog is its maker's own, and is made only by who may read what it is about."""
        readers = (*READERS, "class_teacher", "curator")
        self.check_create("vshu.reason", {"action": "annul", "case_id": self.bag.case.id}, readers)
        self.check_create(
            "vshu.reason", {"action": "dismiss", "signal_id": self.bag.signal_b.id}, (*READERS, "class_teacher_b")
        )
        self.check_create("vshu.viewers", {"case_id": self.bag.case.id}, readers)
        for model, vals in (
            ("vshu.reason", {"action": "annul", "case_id": self.bag.case.id}),
            ("vshu.viewers", {"case_id": self.bag.case.id}),
        ):
            wizard = self.see(self.bag, "head", self.env[model]).create(vals)
            self.check(wizard, {"head": "rw"}, {"case_id": self.bag.case.id})
        wizard = self.see(self.bag, "head", self.env["vshu.viewers"]).create(
            {"case_id": self.bag.case.id, "line_ids": [Command.create({"user_id": self.bag.user_b.id})]}
        )
        self.check(wizard.line_ids, {"head": "rw"}, {"as_what": "…"})

    # -- people ------------------------------------------------------------------------------------------------------

    def test_people_records(self):
        """Guardians, families, social categories, outside registers: own class reads, the school by role."""
        table = {
            "class_teacher": "r",
            **dict.fromkeys(("psychologist", "deputy_head", "head"), "r"),
            **dict.fromkeys(("social_pedagogue", "administrator"), "rwu"),
        }
        day = {"date_from": "2026-09-02"}
        for records in (self.bag.category, self.bag.external):
            self.check(records, table, day)
        used = {**table, "social_pedagogue": "rw", "administrator": "rw"}
        self.check(self.bag.guardian, used, day)  # a notice names the link
        self.check(
            self.bag.family, {**table, "social_pedagogue": "rw", "administrator": "rw"}, {"note": "…"}
        )  # in use: a child refers to it
        other = {**{who: used[who] for who in used if who != "class_teacher"}, "class_teacher_b": "r"}
        self.check(self.bag.guardian_b, other, day)
        adult = self.env["res.partner"].create({"name": "Взрослый"})
        keepers = ("social_pedagogue", "administrator")
        student = {"student_id": self.bag.other_student.id}
        self.check_create("vshu.guardian", {**student, "partner_id": adult.id}, keepers)
        self.check_create("vshu.external.record", student, keepers)
        self.check_create("vshu.category.entry", {**student, "category_id": self.bag.category.category_id.id}, keepers)
        self.check_create("vshu.family", {"name": "Новая"}, keepers)

    def test_school_records(self):
        """Classes, enrolments, calendar, school form, stand-ins: read by staff, kept by the administrator."""
        table = dict.fromkeys((*STAFF, "curator", "class_teacher_b"), "r")
        keeper = {**table, "administrator": "rw"}
        self.check(self.bag.class_a, keeper, {"letter": "Я"})
        self.check(self.bag.class_a.teacher_ids, {**table, "administrator": "rwu"}, {"date_to": "2027-05-31"})
        self.check(
            self.bag.student.vshu_enrollment_ids,
            {**table, "administrator": "rwu", "social_pedagogue": "rw"},
            {"date_from": "2026-09-02"},
        )
        self.check(self.bag.year, keeper, {"name": "26/27"})
        self.check(self.bag.school_term, {**table, "administrator": "rwu"}, {"name": "1"})
        self.check(self.bag.exception, {**table, "administrator": "rwu"}, {"name": "День"})
        self.check(self.bag.standin, {**table, "administrator": "rwu"}, {"order_ref": "12"})
        self.check(self.bag.school, keeper, {"keeper_order_number": "12"})  # in use: it has pupils
        kept = ("administrator",)
        self.check_create("vshu.class", {"grade": 9, "letter": "Я", "year_id": self.bag.year.id}, kept)
        self.check_create(
            "vshu.class.teacher",
            {"class_id": self.make_class(self.bag, 10, "Я").id, "employee_id": self.bag.teacher_b.id},
            kept,
        )
        stranger = self.make_student(self.bag, "Новенький")
        self.check_create(
            "vshu.enrollment",
            {"student_id": stranger.id, "class_id": self.bag.class_a.id, "date_from": TODAY},
            ("administrator", "social_pedagogue"),
        )
        self.check_create(
            "vshu.school.year", {"name": "27/28", "date_start": "2027-09-01", "date_end": "2028-08-31"}, kept
        )
        self.check_create(
            "vshu.school.term",
            {"year_id": self.bag.year.id, "name": "II", "date_start": "2026-11-04", "date_end": "2026-12-28"},
            kept,
        )
        self.check_create(
            "vshu.calendar.exception",
            {"school_id": self.bag.school.id, "date": "2026-11-03", "kind": "off", "name": "…"},
            kept,
        )
        self.check_create(
            "vshu.standin",
            {
                "role_id": self.ref("role_head").id,
                "substitute_id": self.bag.teacher_b.id,
                "date_from": TODAY,
                "date_to": TODAY,
            },
            kept,
        )

    def test_students(self):
        """A student's own data are written by keeper and administrator only, whatever the right on contacts."""
        self.bag.users["class_teacher"].group_ids += self.env.ref("base.group_partner_manager")
        self.bag.users["plain"].group_ids += self.env.ref("base.group_partner_manager")
        for who in self.everybody:
            student = self.see(self.bag, who, self.bag.student)
            keeper = who in ("social_pedagogue", "administrator")
            for vals in (
                {"vshu_birth_date": "2013-01-01"},
                {"vshu_sex": "female"},
                {"vshu_file_number": "7"},
                {"vshu_family_id": False},
                {"vshu_is_student": False},
                {"vshu_company_ids": [Command.clear()]},
            ):
                if "vshu_company_ids" in vals:  # follows from the enrolments: nobody writes it
                    keeper = False
                self.assertEqual(self.may(student.write, vals), keeper, f"{vals}: {who}")

    @slow
    def test_catalogues(self):
        """Shipped catalogues are read-only for everybody; an own version is the administrator's."""
        shipped = self.bag.school.regulation_id
        readers = dict.fromkeys((*STAFF, "curator", "class_teacher_b", "administrator"), "r")
        self.check(shipped, readers, {"name": "…"})
        own = self.see(self.bag, "administrator", shipped)._copy_for_company(self.bag.company)
        own = own.sudo().with_user(self.env.user)
        self.check(own, {**readers, "administrator": "rwu"}, {"name": "…"})
        catalogues = {name for name in MODELS if "regulation_shipped" in self.env[name]._fields}
        self.assertEqual(catalogues, set(CATALOGS))
        for name in sorted(catalogues):
            record = self.env[name].search([("regulation_id", "=", shipped.id)], limit=1)
            self.assertTrue(record, name)
            self.check(record, readers, {"clause": "…"})
            record = self.env[name].search([("regulation_id", "=", own.id)], order="id desc", limit=1)
            self.assertTrue(record, name)
            for who in self.everybody:
                view = self.see(self.bag, who, record)
                self.assertEqual(self.may(view.write, {"clause": "…"}), who == "administrator", f"{name}: {who}")
                if name != "vshu.term.rule":  # one rule a kind
                    self.assertEqual(
                        self.may(view.copy, {"code": "copy"}), who == "administrator", f"copy {name}: {who}"
                    )
        self.check(self.ref("role_head"), readers, {"name": "…"})
        self.check(self.ref("role_head"), readers, {"group_id": self.ref("group_staff").id})
        reason = self.env["vshu.enrollment.end.reason"].create(
            {"name": "Иное", "code": "test", "company_id": self.bag.company.id}
        )
        self.check(reason, {**readers, "administrator": "rwu"}, {"name": "…"})
        self.check_create("vshu.enrollment.end.reason", {"name": "Иное", "code": "test2"}, ("administrator",))
        self.check_create("vshu.role", {"name": "Иное", "code": "test2"}, ())

    def test_regulation_is_not_forged(self):
        """State and sharing of a regulation come from its buttons:
        no administrator writes them, for no other school."""
        admin = self.see(self.bag, "administrator", self.env["vshu.regulation"])
        vals = {"name": "Своё", "code": "own", "version": "1", "register_label": "ВШУ"}
        self.assertEqual(admin.create(dict(vals)).company_id, self.bag.company)
        for forged in (
            {"shipped": True},
            {"state": "in_force"},
            {"company_id": False},
            {"company_id": self.ru.company.id},
        ):
            self.assertFalse(self.may(admin.create, {**vals, "version": "2", **forged}), forged)
            own = admin.create({**vals, "version": "3"})
            self.assertFalse(self.may(own.write, forged), forged)
            own.unlink()
        made = admin.with_context(default_shipped=True, default_state="in_force").create({**vals, "version": "4"})
        self.assertEqual((made.shipped, made.state), (False, "draft"))

    # -- stand-ins: rights start and end with the dates ----------------------------------------------------------------

    def test_standin_of_class_teacher(self):
        """The stand-in of a class teacher sees the class from the first day to the last, not before, not after."""
        bag = self.bag
        self.make_standin(
            bag, "class_teacher", bag.employees["subject_teacher"], "2026-10-20", "2026-10-22", bag.class_a
        )
        for day, sees in (("19", False), ("20", True), ("22", True), ("23", False)):
            with freeze_time(f"2026-10-{day} 06:00:00"):
                for records in (
                    bag.case,
                    bag.decision,
                    bag.document,
                    bag.term,
                    bag.guardian,
                    bag.family,
                    bag.category,
                    bag.external,
                ):
                    self.assertEqual(
                        self.see(bag, "subject_teacher", records).has_access("read"), sees, f"{records} on {day}"
                    )
                for records in (bag.case_b, bag.case_closed, bag.entry, bag.signal_b):
                    self.assertFalse(
                        self.see(bag, "subject_teacher", records).has_access("read"), f"{records} on {day}"
                    )
                self.assertEqual(
                    self.may(
                        self.see(bag, "subject_teacher", bag.document).write, {"on_paper": True, "date": "2026-10-14"}
                    ),
                    sees,
                )

    def test_standin_of_officers(self):
        """Who stands in for an officer sees what the officer sees, between the dates;
        the psychologist's changes less."""
        bag = self.bag
        writes = {"social_pedagogue": True, "deputy_head": True, "head": True, "psychologist": False}
        for role, may_write in writes.items():
            guarded(self.env["vshu.standin"].search([])).unlink()
            self.make_standin(bag, role, bag.employees["subject_teacher"], "2026-10-20", "2026-10-22")
            for day, sees in (("19", False), ("20", True), ("22", True), ("23", False)):
                with freeze_time(f"2026-10-{day} 06:00:00"), self.subTest(role=role, day=day):
                    for records in (
                        bag.case,
                        bag.case_b,
                        bag.case_closed,
                        bag.decision,
                        bag.document,
                        bag.term,
                        bag.entry,
                        bag.correction,
                        bag.deadline,
                        bag.signal_b,
                        bag.assignment if may_write else bag.case,
                        bag.guardian_b,
                        bag.family,
                    ):
                        self.assertEqual(
                            self.see(bag, "subject_teacher", records).has_access("read"),
                            sees,
                            f"{records} {role} {day}",
                        )
                    case = self.see(bag, "subject_teacher", bag.case)
                    self.assertEqual(self.may(case.write, {"measures_before": "…"}), sees and may_write)
                    kind = self.ref("kz_kind_16_extend")
                    vals = {"case_id": bag.case.id, "kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "4"}
                    decision = self.see(bag, "subject_teacher", self.env["vshu.decision"])
                    self.assertEqual(self.may(decision.create, vals), sees and may_write, role)
                    vals = {"entry_id": bag.entry.id, "field_name": "address", "new_value": "…", "reason": "описка"}
                    correction = self.see(bag, "subject_teacher", self.env["vshu.journal.correction"])
                    self.assertEqual(self.may(correction.create, vals), sees and may_write, role)

    def test_class_teacher_by_date(self):
        """A new class teacher sees from the first day, the former one no longer after the last."""
        bag = self.bag
        bag.class_a.teacher_ids.date_to = date(2026, 10, 20)
        self.env["vshu.class.teacher"].create(
            {"class_id": bag.class_a.id, "employee_id": bag.employees["subject_teacher"].id, "date_from": "2026-10-21"}
        )
        for day, sees in (("2026-10-20", "class_teacher"), ("2026-10-21", "subject_teacher")):
            with freeze_time(f"{day} 06:00:00"):
                for who in ("class_teacher", "subject_teacher"):
                    self.assertEqual(self.see(bag, who, bag.case).has_access("read"), who == sees, f"{who} on {day}")

    def test_student_changes_class(self):
        """The case goes with the child: the teacher of the former class sees it no more."""
        bag = self.bag
        reason = self.ref("end_reason_other_class")
        bag.student.vshu_enrollment_ids.write({"date_to": "2026-10-20", "end_reason_id": reason.id})
        self.enroll(bag.student, bag.class_b, date_from="2026-10-21")
        for day, sees in (("2026-10-20", "class_teacher"), ("2026-10-21", "class_teacher_b")):
            with freeze_time(f"{day} 06:00:00"):
                for who in ("class_teacher", "class_teacher_b"):
                    self.assertEqual(self.see(bag, who, bag.case).has_access("read"), who == sees, f"{who} on {day}")

    def test_administrator_reads_no_case(self):
        """A technical administrator reads nothing of a case by any model, not even as the head's stand-in."""
        bag = self.bag
        self.make_standin(bag, "head", bag.employees["administrator"], "2026-10-01", "2026-10-31")
        for records in (
            bag.case,
            bag.signal_b,
            bag.decision,
            bag.document,
            bag.deadline,
            bag.entry,
            bag.correction,
            bag.term,
            bag.assignment,
        ):
            for operation in OPERATIONS.values():
                self.assertFalse(
                    self.see(bag, "administrator", records).has_access(operation), f"{records} {operation}"
                )
            self.assertRaises(AccessError, self.see(bag, "administrator", records).search_count, [])
        student = self.see(bag, "administrator", bag.student)
        for name in ("vshu_case_ids", "vshu_open_case_ids", "vshu_case_count"):
            self.assertRaises(AccessError, student.read, [name])
        regulation = self.see(bag, "administrator", bag.school.regulation_id)
        self.assertEqual(
            regulation.read(["case_count"])[0]["case_count"],
            self.env["vshu.case"].search_count([("company_id", "=", bag.company.id)]),
        )

    # -- ways around -------------------------------------------------------------------------------------------------

    def test_context_defaults_forge_nothing(self):
        """Defaults named in the context of a call pass by no guard."""
        bag = self.bag
        student = self.make_student(bag, "Новый Ученик", bag.class_a)
        forged = {
            "default_state": "active",
            "default_number": 77,
            "default_consent": True,
            "default_date_placed": "2026-09-01",
            "default_name": SECRET,
            "default_intake_kind": "notice",
        }
        case = self.see(bag, "head", self.env["vshu.case"]).with_context(**forged).create({"student_id": student.id})
        self.assertEqual((case.state, case.number, case.consent, case.date_placed), ("draft", 0, False, False))
        self.assertNotIn(SECRET, case.name)
        signal = (
            self.see(bag, "subject_teacher", self.env["vshu.signal"])
            .with_context(
                default_state="resolved",
                default_case_id=bag.case.id,
                default_author_id=bag.user_b.id,
                default_name=SECRET,
                default_date_decided=TODAY,
            )
            .create({"student_id": bag.student.id, "description": "…"})
        )
        self.assertEqual(
            (signal.state, signal.author_id, signal.date_decided), ("new", bag.users["subject_teacher"], False)
        )
        self.assertFalse(signal.sudo().case_id)
        self.assertNotIn(SECRET, signal.name)
        kind = self.ref("kz_kind_16_extend")
        decision = (
            self.see(bag, "head", self.env["vshu.decision"])
            .with_context(
                default_state="done", default_body="outside", default_effect="remove", default_applied_by_id=1
            )
            .create({"case_id": bag.case.id, "kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "4"})
        )
        self.assertEqual(
            (decision.state, decision.body, decision.effect, decision.applied_by_id.id),
            ("draft", "council", "extend", False),
        )

    def test_computed_values_are_not_written(self):
        """What the system computes from other records (body, effect, school,
        state of a paper) nobody writes by hand."""
        bag = self.bag
        kind = self.ref("kz_kind_16_extend")
        vals = {"case_id": bag.case.id, "kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "4"}
        decisions = self.see(bag, "head", self.env["vshu.decision"])
        for forged in ({"body": "outside"}, {"effect": "remove"}, {"company_id": bag.company.id}):
            self.assertFalse(self.may(decisions.create, {**vals, **forged}), forged)
            self.assertFalse(self.may(decisions.create(dict(vals)).write, forged), forged)
        document = self.see(bag, "head", bag.document)
        for forged in ({"state": "ready"}, {"stage": "removal"}, {"company_id": bag.company.id}):
            self.assertFalse(self.may(document.write, forged), forged)
        self.assertFalse(self.may(self.see(bag, "head", bag.case_draft).write, {"intake_kind": "notice"}))
        self.assertFalse(self.may(self.see(bag, "head", bag.assignment).write, {"state": "done"}))
        self.assertFalse(self.may(self.see(bag, "administrator", bag.standin).write, {"user_id": bag.user_b.id}))
        enrollment = self.see(bag, "social_pedagogue", bag.student.vshu_enrollment_ids)
        self.assertFalse(self.may(enrollment.write, {"company_id": self.ru.company.id}))

    def test_commands_and_copies(self):
        """Neither One2many commands of a case nor copies pass by the guards of what they write."""
        bag = self.bag
        case = self.see(bag, "head", bag.case)
        kind = self.ref("kz_kind_16_extend")
        for vals in (
            {"signal_ids": [Command.link(bag.signal_b.id)]},
            {"signal_ids": [Command.create({"student_id": bag.student.id, "description": "…"})]},
            {"term_ids": [Command.create({"kind": "extension", "date_from": "2026-10-14"})]},
            {"term_ids": [Command.update(bag.term.id, {"date_to": "2030-01-01"})]},
            {"deadline_ids": [Command.update(bag.deadline.id, {"date_due": "2030-01-01"})]},
            {"deadline_ids": [Command.delete(bag.deadline.id)]},
            {
                "decision_ids": [
                    Command.create({"kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "1", "state": "done"})
                ]
            },
            {"decision_ids": [Command.delete(bag.decision.id)]},
            {"document_ids": [Command.link(bag.case_b.document_ids[0].id)]},
        ):
            self.assertFalse(self.may(case.write, vals), vals)
        curator = self.see(bag, "curator", bag.case)
        self.assertFalse(
            self.may(
                curator.write,
                {"decision_ids": [Command.create({"kind_id": kind.id, "form_id": kind.form_ids[0].id, "number": "1"})]},
            )
        )
        for records in (bag.case, bag.case_closed, bag.entry, bag.correction, bag.deadline, bag.term):
            for who in ("head", "curator"):
                self.assertFalse(self.may(self.see(bag, who, records).copy), f"{records}: {who}")
        copy = self.see(bag, "head", bag.decision).copy()
        self.assertEqual((copy.state, copy.date_applied, copy.applied_by_id.id), ("draft", False, False))
        self.assertRaises(UserError, self.see(bag, "head", copy).write, {"case_id": bag.case_b.id})
        self.assertFalse(self.may(self.see(bag, "class_teacher", bag.document).write, {"case_id": bag.case_closed.id}))
        signal = self.see(bag, "head", bag.signal_b).copy()
        self.assertEqual((signal.author_id, signal.state), (bag.users["head"], "new"))

    def test_students_form_writes_no_case(self):
        """Cases are not reached through the contact: One2many commands of a student meet the rights of the case."""
        bag = self.bag
        bag.users["class_teacher"].group_ids += self.env.ref("base.group_partner_manager")
        bag.users["curator"].group_ids += self.env.ref("base.group_partner_manager")
        for who in ("class_teacher", "curator", "social_pedagogue"):
            student = self.see(bag, who, bag.student)
            for vals in (
                {"vshu_case_ids": [Command.update(bag.case.id, {"state": "closed"})]},
                {"vshu_case_ids": [Command.unlink(bag.case.id)]},
                {"vshu_case_ids": [Command.delete(bag.case.id)]},
                {"vshu_case_ids": [Command.link(bag.case_b.id)]},
                {"vshu_case_ids": [Command.create({"kind": "register", "state": "active"})]},
            ):
                self.assertFalse(self.may(student.write, vals), f"{vals}: {who}")

    def test_nothing_is_told_by_a_refusal(self):
        """Whoever may not make or see cases does not learn from a refusal whether a child has one."""
        bag = self.bag
        for who in ("subject_teacher", "class_teacher", "psychologist", "administrator", "plain", "portal", "public"):
            messages = set()
            for student in (bag.other_student, self.make_student(bag, "Чистый Лист", bag.class_b)):
                cases = self.see(bag, who, self.env["vshu.case"])
                with self.assertRaises(AccessError) as caught:
                    cases.create({"student_id": student.id})
                messages.add(str(caught.exception))
            self.assertEqual(len(messages), 1, who)
        for case in (bag.case_b, bag.case_closed):
            documents = self.see(bag, "class_teacher", self.env["vshu.document"])
            requirement = case.document_ids.requirement_id[:1]
            vals = {"requirement_id": requirement.id, "type_id": requirement.document_type_id.id, "case_id": case.id}
            with self.assertRaises(AccessError) as caught:
                documents.create(vals)
            for word in ("waits", case.student_id.name, requirement.display_name):
                self.assertNotIn(word, str(caught.exception))
        # a contact that cannot be deleted: not because of a case
        plain = bag.users["plain"]
        plain.group_ids += self.env.ref("base.group_partner_manager")
        for student in (bag.student, self.make_student(bag, "Чистый Лист", bag.class_b)):
            with self.assertRaises(UserError) as caught, self.cr.savepoint():
                self.see(bag, "plain", student).unlink()
            for word in ("Case", "Signal", "Journal", "register"):
                self.assertNotIn(word, str(caught.exception))
