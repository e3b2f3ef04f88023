from odoo import models


class VshuApplication(models.AbstractModel):
    """What is printed as the application for the placement of a student or a family (RU-A3)."""

    # goes with vshu.paper.mixin: the models take both
    _name = "vshu.application"
    _description = "Application for the placement"

    def action_print_application(self):
        """Return the printed application (RU-A3). Raises AccessError where the user may not read the record."""
        self.check_access("read")
        kind = self._name.removeprefix("vshu.")
        return self.env.ref(f"vshu_registry.action_report_application_{kind}").report_action(self)

    def _application_texts(self):
        """Return (problem, measures taken, date) of the application."""
        raise NotImplementedError

    def _application_facts(self):
        """Return what stands on the application, read with the rights of whoever prints it."""
        self.ensure_one()
        children = self.student_id if self.subject == "student" else self.family_id.member_ids
        today = self._vshu_today()
        classes = children._vshu_class_on(today)
        teachers = self.env["vshu.class"].browse({cls.id for cls in classes.values()})._teachers_on(today)
        problem, measures, date = self._application_texts()
        guardians = self.env["vshu.guardian"]
        if guardians.has_access("read"):
            guardians = guardians.search([("student_id", "in", children.ids)])._on(today)
        adults = guardians.partner_id.sudo()  # sudo: whoever sees that an adult is the guardian may see name and phone
        names = [cls.sudo().name for cls in classes.values() if cls]  # sudo: the class of a child is no secret
        words = ", ".join(dict.fromkeys(names)) or "_____"
        return {
            "purpose": self.env._(
                "for the placement of the family of a student of class %s on the school's prevention register", words
            )
            if self.subject == "family"
            else self.env._("for the placement of a student of class %s on the school's prevention register", words),
            "teachers": ", ".join(dict.fromkeys(filter(None, [teacher.name for teacher in teachers.values()]))),
            "children": ", ".join(filter(None, children.mapped("name"))),
            "births": ", ".join(self._paper_date(day) for day in children.mapped("vshu_birth_date") if day),
            "parents": ", ".join(filter(None, adults.mapped("name"))),
            "phones": ", ".join(filter(None, adults.mapped("phone"))),
            "problem": problem,
            "measures": measures,
            "date": self._paper_date(date),
        }


class VshuSignal(models.Model):
    _name = "vshu.signal"
    _inherit = ["vshu.signal", "vshu.paper.mixin", "vshu.application"]

    def _application_texts(self):
        return self.description, self.measures_taken, self.date_received

    def _application_author(self):
        """Return who signs."""
        return self.author_name or ""


class VshuCase(models.Model):
    _name = "vshu.case"
    _inherit = ["vshu.case", "vshu.paper.mixin", "vshu.application"]

    def _application_texts(self):
        return self.reason, self.measures_before, self.date_received or self._vshu_today()

    def _application_author(self):
        """Return who signs."""
        return self.submitter_id.sudo().name or ""  # sudo: the name of a colleague
