"""Query budgets of sealed papers and recommendations: lists do not grow, the case's form pays next to nothing."""

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY
from ..channels.test_queries import CASES, PAGE, QueryCommon, brief
from ..web_client import specification


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSealedQueries(QueryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bag = cls.kz
        grounds = cls.env["vshu.ground"].search([("code", "like", "18.")])
        cls.cases = cls.make_cases(bag, CASES, grounds, cls.env.ref("vshu_registry.kz_basis_4"))
        doctype = bag.school.regulation_id.document_type_ids.filtered("sealed")
        cls.lines = cls.env["vshu.document"].create([{"case_id": case.id, "type_id": doctype.id} for case in cls.cases])
        author = {"author_id": bag.employees["psychologist"].id, "user_id": bag.users["psychologist"].id}
        cls.papers = guarded(cls.env["vshu.sealed"]).create(
            [{"document_id": line.id, "text": "Заключение", **author} for line in cls.lines]
        )
        # every second case: those without one are compared with those that have one
        for paper in cls.papers[::2]:
            paper._file(TODAY)
        cls.recommendations = guarded(cls.env["vshu.recommendation"]).create(
            [
                {
                    "case_id": case.id,
                    "text": "Не вызывать к доске без предупреждения.",
                    "date_given": TODAY,
                    "line_ids": [
                        Command.create({"employee_id": bag.employees[who].id})
                        for who in ("class_teacher", "subject_teacher")
                    ],
                    **author,
                }
                for case in cls.cases
            ]
        )

    def check_list(self, role, records, budget, domain=()):
        model = self.as_(self.kz, role, records.browse())
        spec = specification(model, "list")

        def read(ids, limit):
            return lambda: model.web_search_read([*domain, ("id", "in", ids)], spec, limit=limit, count_limit=10001)

        self.assertBudget(budget, read(records.ids, PAGE))
        self.assertConstant(read(records.ids[:10], 100), read(records.ids[:PAGE], 100))

    def test_lists(self):
        """80 rows: at most 12 queries, for whoever reads them."""
        for role in ("psychologist", "head"):
            with self.subTest(role=role):
                self.check_list(role, self.papers, 12)
                self.check_list(role, self.recommendations, 12)
        with self.subTest(role="subject_teacher"):
            lines = self.recommendations.line_ids.filtered(
                lambda line: line.employee_id == self.kz.employees["subject_teacher"]
            )
            self.check_list(
                "subject_teacher", lines, 12, [("employee_id.user_id", "=", self.kz.users["subject_teacher"].id)]
            )

    def test_case_form(self):
        """A sealed paper in the file costs the form of the case nothing."""
        for number, role in ((1, "social_pedagogue"), (3, "class_teacher"), (5, "deputy_head")):
            record = self.as_(self.kz, role, self.cases[number])
            spec = specification(record.browse(), "form")
            with self.subTest(role=role):
                before = self.queries(lambda r=record, s=spec: r.web_read(s))
                self.papers[number]._file(TODAY)
                after = self.queries(lambda r=record, s=spec: r.web_read(s))
                self.assertTrue(self.cases[number].document_ids.filtered("sealed_filed"))
                self.assertEqual(len(after), len(before), "\n\n".join(map(brief, before)))

    def test_form(self):
        """Opening a sealed paper: at most 20 queries; the opening itself a few more."""
        record = self.as_(self.kz, "head", self.papers[0])
        spec = specification(record.browse(), "form")
        self.assertBudget(20, lambda: record.web_read(spec))
        self.assertBudget(16, record.action_open)
