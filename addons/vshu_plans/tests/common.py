"""Builders for the tests of plans: a plan drafted, approved, carried out; everything in two schools."""

from datetime import date

from odoo.addons.vshu_council.tests.common import CouncilCommon
from odoo.addons.vshu_registry.tools.guard import guarded

#: the day on which the tests live
TODAY = date(2026, 10, 14)


class PlansCommon(CouncilCommon):
    """No council is in force until a test makes one: plans are approved by a typed paper."""

    def active_case(self, bag, ground="kz_ground_18_5", student=None, **vals):
        """Return a case on the register since today, for three months in KZ and open-ended in RU."""
        student = student or self.make_student(bag, f"Ученик {len(self.env['res.partner'].search([]))}", bag.class_a)
        if bag.code == "kz":
            case = self.kz_case(student_id=student.id)
            case.write({"hearing_date": False})
            self.decide(bag, case, "kz_kind_4_place", months=3, **vals)
            if ground != "kz_ground_18_5":
                guarded(case).write({"ground_id": self.ref(ground).id})
        else:
            signal = self.notice(bag, student_id=student.id)
            self.as_(bag, "social_pedagogue", signal).action_enter()
            case = signal.sudo().case_id
            self.decide(
                bag, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12", date_journal=TODAY
            )
        return case

    def draft(self, bag, case, role="social_pedagogue"):
        """Draft the plan of a case by its button; its goals are rated."""
        action = self.as_(bag, role, case).action_draft_plan()
        plan = self.env["vshu.plan"].browse(action["res_id"])
        for goal in plan.goal_ids:
            goal.write({"rating_start": "2", "reason_start": "пропуски каждую неделю"})
        return plan

    def approve(self, bag, plan, role="deputy_head", **vals):
        """Approve a plan by a typed paper."""
        own = self.as_(bag, role, plan)
        own.write({"approval_number": "4", "approval_date": TODAY, **vals})
        own.action_approve()
        return plan

    def plan(self, bag, case=None):
        """Return a plan in force."""
        return self.approve(bag, self.draft(bag, case or self.active_case(bag)))

    def small_plan(self, bag, case, measures):
        """Return a plan in force with the given measures: dicts of values, name and type filled in where missing.

        The case's own templates are not used.
        """
        types = self.env["vshu.measure.type"].search([("company_id", "=", False)])
        plan = self.as_(bag, "social_pedagogue", self.env["vshu.plan"]).create(
            {
                "case_id": case.id,
                "date_from": TODAY,
                "date_to": case.date_end or date(2027, 1, 14),
                "goal_ids": [
                    (0, 0, {"name": "Ходить на уроки", "cause": "нет режима", "rating_start": "2", "reason_start": "…"})
                ],
                "measure_ids": [
                    (
                        0,
                        0,
                        {
                            "name": f"Мероприятие {number}",
                            "type_id": types[number % len(types)].id,
                            "employee_id": bag.employees["class_teacher"].id,
                            "date_due": "2026-10-20",
                            **vals,
                        },
                    )
                    for number, vals in enumerate(measures)
                ],
            }
        )
        return self.approve(bag, plan.sudo())

    def done(self, task, day=None, **vals):
        """Mark an occurrence done as the system."""
        task.sudo()._done(vals, day)
        return task
