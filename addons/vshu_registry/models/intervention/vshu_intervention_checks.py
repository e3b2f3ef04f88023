from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuInterventionChecks(models.AbstractModel):
    """What an entry must not say: each refusal in plain words, with what to do instead."""

    _name = "vshu.intervention.checks"
    _description = "Checks of an entry"

    @api.constrains("text", "student_id", "family_id")
    def _check_text(self):
        for entry in self:
            if not (entry.text or "").strip():
                raise ValidationError(
                    self.env._("“%s”: write in a few words what happened; an empty entry helps nobody.", entry._title())
                )
            if bool(entry.student_id) == bool(entry.family_id):
                raise ValidationError(
                    self.env._("“%s” is about one student or one family: choose which.", entry._title())
                )

    @api.constrains("date", "student_id", "company_id")
    def _check_date(self):
        """Refuse a time in the future, before the child was born or came to the school."""
        now = fields.Datetime.now()
        students = self.sudo().student_id  # sudo: birth date and enrolments of the children that the writer has named
        rows = (
            self.env["vshu.enrollment"]
            .sudo()
            ._read_group(
                [("student_id", "in", students.ids), ("company_id", "in", self.company_id.ids)],
                ["student_id", "company_id"],
                ["date_from:min"],
            )
        )
        first = {(student.id, company.id): day for student, company, day in rows}
        for entry in self.sudo():
            if entry.date > now:
                raise ValidationError(
                    self.env._(
                        "“%s” lies in the future. Enter when it happened; what is still to come is a next step.",
                        entry._title(),
                    )
                )
            if not entry.student_id:
                continue
            start = first.get((entry.student_id.id, entry.company_id.id))
            if not entry.student_id.vshu_is_student or not start:
                raise ValidationError(
                    self.env._(
                        "“%(entry)s”: this person is no student of “%(school)s”. Choose a student who is or was "
                        "enrolled here.",
                        entry=entry._title(),
                        school=entry.company_id.name,
                    )
                )
            born = entry.student_id.vshu_birth_date
            if (born and entry._day() < born) or entry._day() < start:
                raise ValidationError(
                    self.env._(
                        "“%(entry)s” is dated before the student came to the school (%(start)s). Check the date.",
                        entry=entry._title(),
                        start=fields.Date.to_string(start),
                    )
                )

    @api.constrains("employee_id", "employee_ids", "next_employee_id", "adult_ids", "student_id")
    def _check_people(self):
        """Refuse colleagues who had left by then, pupils among the adults, guardians whose time was over."""
        # sudo: who works here until when, who answers for the child; only whoever was named is named back
        for entry in self.sudo().filtered(lambda e: not e.annulled):
            people = entry.employee_id | entry.next_employee_id
            people |= people.browse(entry.employee_ids.ids)
            for employee in people.filtered(lambda e: not e.active):
                gone = employee.departure_date
                if not gone or entry._day() > gone:
                    raise ValidationError(
                        self.env._(
                            "“%(entry)s”: %(person)s does not work at the school any more. Take them off the entry.",
                            entry=entry._title(),
                            person=employee.name,
                        )
                    )
            pupil = entry.adult_ids.filtered("vshu_is_student")[:1]
            if pupil:
                raise ValidationError(
                    self.env._(
                        "“%s”: a student stands among the adults. Write other children under “Others who took part”.",
                        entry._title(),
                    )
                )
            for adult in entry.adult_ids if entry.student_id else ():
                links = entry.student_id.vshu_guardian_ids.filtered(lambda g, a=adult: g.partner_id == a)
                if links and not any(link._in_force_on(entry._day()) for link in links):
                    raise ValidationError(
                        self.env._(
                            "“%(entry)s”: %(adult)s was no parent or guardian of this student on that day. Check the "
                            "date, or write the name under “Others who took part”.",
                            entry=entry._title(),
                            adult=adult.name,
                        )
                    )

    @api.constrains("next_step", "next_date", "next_done", "next_employee_id", "date")
    def _check_next_step(self):
        for entry in self.filtered(lambda e: not e.annulled):
            today = entry._vshu_today()
            if not entry.next_step and (entry.next_date or entry.next_done):
                raise ValidationError(
                    self.env._("“%s”: write what the next step is, or take its date away.", entry._title())
                )
            if entry.next_step and not entry.next_date:
                raise ValidationError(self.env._("“%s”: enter by when the next step is to be taken.", entry._title()))
            if entry.next_date and entry.next_date < entry._day():
                raise ValidationError(
                    self.env._("“%s”: the next step cannot come before the entry itself.", entry._title())
                )
            if entry.next_done and (entry.next_done > today or entry.next_done < entry._day()):
                raise ValidationError(
                    self.env._(
                        "“%s”: the next step cannot be done in the future or before the entry itself. Enter the real "
                        "day.",
                        entry._title(),
                    )
                )

    def _check_next_planned(self):
        """Refuse a next step that is late when it is planned; history written down later by the system may hold one."""
        for entry in () if self.env.su else self:
            if entry.next_date and not entry.next_done and entry.next_date < entry._vshu_today():
                raise ValidationError(
                    self.env._(
                        "“%s”: the next step lies in the past. Give it a date from today on; what is done already is "
                        "an entry of its own.",
                        entry._title(),
                    )
                )
