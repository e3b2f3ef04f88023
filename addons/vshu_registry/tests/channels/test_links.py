"""Nobody learns of a record by linking to it, opening its form, calling its actions, or through a dialog."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..access_common import SECRET
from ..links_common import LinksCommon
from ..sealed.test_sealed import SealedBuilders


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLinks(LinksCommon, SealedBuilders):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill(cls.kz)
        self = cls("setUp")
        paper = self.file_sealed(cls.kz, cls.kz.case)
        self.as_(cls.kz, "head", paper).action_open()
        self.recommend(cls.kz, cls.kz.case_b, "subject_teacher")
        adult = {"partner_id": cls.kz.guardian.partner_id.id}
        people = {"witness_id": cls.kz.teacher_b.id, "witness2_id": cls.kz.employees["psychologist"].id}
        cls.env["vshu.parent.fact"].create(
            [
                {"case_id": cls.kz.case.id, "kind": kind, "note": SECRET, "partner_ids": [*adult.values()], **people}
                for kind in ("refused", "no_measures")
            ]
        )
        cls.env["vshu.petition"].create(
            {"case_id": cls.kz.case.id, "kind_id": cls.env.ref("vshu_registry.kz_petition_17_1").id, **adult}
        )
        cls.env["ir.attachment"].create({"name": "тайна.txt", "res_model": "vshu.case", "res_id": cls.kz.case.id})
        cls.kz.school.regulation_id._copy_for_company(cls.kz.company)

    def test_defaults_that_a_user_lays_down(self):
        """security.md 11: a default laid down for one's own forms is a way in like a key of the context."""
        case = self.kz.case_b
        for who in ("class_teacher", "subject_teacher"):
            view = self.view(self.kz, who, "vshu.document")
            view.env["ir.default"].set("vshu.document", "case_id", case.id, user_id=True)
            specification = self.full_specification(view)
            for call in (
                lambda v=view, s=specification: v.onchange({}, [], s),
                lambda v=view: v.default_get(["case_id"]),
                lambda v=view: v.create({"type_id": self.kz.document.type_id.id}),
            ):
                self.assertRaises(AccessError, call)

    def test_contacts(self):
        """security.md 1: contacts lead to no family, and no form of Odoo's own to a student of another school."""
        for who in ("social_pedagogue", "administrator", "class_teacher"):
            view = self.view(self.ru, who, "res.partner")
            view.env.user.sudo().group_ids += self.env.ref("base.group_partner_manager")
            for vals in ({"vshu_family_id": self.kz.family.id}, {"parent_id": self.kz.third.id}):
                name = next(iter(vals))
                specification = {name: {"fields": {"display_name": {}}}, "display_name": {}}
                for call in (
                    lambda v=view, x=vals, n=name, s=specification: v.onchange(dict(x), [n], s),
                    lambda v=view, x=vals, n=name, s=specification: v.with_context(**{f"default_{n}": x[n]}).onchange(
                        {}, [], s
                    ),
                ):
                    self.assertRaises(AccessError, call)
            # whatever else Odoo's forms link to stays as it was
            firm = self.env["res.partner"].create({"name": "Фирма"})
            view.onchange({"parent_id": firm.id}, ["parent_id"], {"parent_id": {"fields": {"display_name": {}}}})

    def test_legitimate_links(self):
        """What somebody may read they link to, in a form with every field."""
        for who in ("class_teacher", "social_pedagogue", "head"):
            for model, vals in (
                ("vshu.document", {"case_id": self.kz.case.id}),
                ("vshu.signal", {"student_id": self.kz.student.id}),
                ("vshu.reason", {"case_id": self.kz.case.id}),
                ("vshu.intervention", {"student_id": self.kz.student.id}),
            ):
                view = self.view(self.kz, who, model)
                name = next(iter(vals))
                answer = view.onchange(dict(vals), [name], {**self.full_specification(view, deep=False)})
                self.assertIn("value", answer)
                with_default = view.with_context(**{f"default_{name}": vals[name]})
                self.assertEqual(with_default.default_get([name]), vals)

    def test_arguments(self):
        """security.md 10: a form that was sent wrongly is refused in words."""
        view = self.view(self.kz, "head", "vshu.decision")
        spec = {"case_id": {}}
        for values, names, fields in (
            ("x", ["case_id"], spec),
            ({}, "case_id", spec),
            ({}, ["case_id"], spec),
            ({}, [5], spec),
            ({}, [], ["case_id"]),
            ({}, [], {"case_id": 5}),
            ({}, [], {"no_such_field": {}}),
            ({"no_such_field": 5}, ["no_such_field"], spec),
            ({"date": "x"}, ["date"], {"date": {}}),
            ({"date": 5}, ["date"], {"date": {}}),
            ({"kind_id": "x"}, ["kind_id"], spec),
        ):
            with self.subTest(values=values, names=names, fields=fields):
                self.assertRaises(ValidationError, view.onchange, values, names, fields)
