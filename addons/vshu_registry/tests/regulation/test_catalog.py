"""The shipped regulations against their own text, and what a school may do with them."""

import json
import re
from pathlib import Path

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from ...models.regulation.vshu_regulation import CATALOGS
from ..common import slow

FIXTURES = Path(__file__).parents[1] / "fixtures"
#: key of the fixture → model, field with the regulation's words
WORDED = {
    "grounds": ("vshu.ground", "name"),
    "bases": ("vshu.basis", "name"),
    "removal_reasons": ("vshu.removal.reason", "name"),
    "document_types": ("vshu.document.type", "name"),
    "social_categories": ("vshu.social.category", "name"),
    "decision_texts": ("vshu.decision.kind", "text_template"),
    "petition_kinds": ("vshu.petition.kind", "name"),
}


class CatalogCase(TransactionCase):
    """Both shipped regulations, their fixtures, an administrator of the register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inactive = cls.env["res.lang"].with_context(active_test=False)
        inactive = inactive.search([("code", "in", ("ru_RU", "kk_KZ")), ("active", "=", False)])
        if inactive:
            inactive.active = True
            module = cls.env.ref("base.module_vshu_registry")
            module._update_translations(inactive.mapped("code"))
        cls.regulations = {
            "kz": cls.env.ref("vshu_registry.kz_regulation"),
            "ru": cls.env.ref("vshu_registry.ru_regulation"),
        }
        cls.fixtures = {
            code: json.loads((FIXTURES / f"regulation_{code}.json").read_text(encoding="utf-8"))
            for code in cls.regulations
        }
        cls.admin = new_test_user(
            cls.env, "catalog_administrator", groups="base.group_user,vshu_registry.group_administrator"
        )

    def records(self, model, code, active_test=True):
        """Return the records of a catalogue in one of the regulations."""
        return (
            self.env[model]
            .with_context(active_test=active_test)
            .search([("regulation_id", "=", self.regulations[code].id)])
        )

    def one(self, model, regulation, code):
        """Return the one record of a catalogue with a code."""
        record = self.records(model, regulation).filtered(lambda r: r.code == code)
        self.assertEqual(len(record), 1, f"{model} {code}")
        return record

    @staticmethod
    def of_clause(records, clause):
        """Return the records that the clause itself has, not the practice around it."""
        pattern = re.compile(rf"{re.escape(clause)}(?![\d.])")
        return records.filtered(lambda r: not r.practice and pattern.match(r.clause or ""))


@tagged("post_install", "-at_install")
class TestCatalogWording(CatalogCase):
    def _check_wording(self, code, key):
        model, field = WORDED[key]
        records = self.records(model, code)
        for clause, expected in self.fixtures[code][key].items():
            found = self.of_clause(records, clause) if key != "decision_texts" else records.filtered(field)
            if key == "decision_texts":
                found = found.filtered(lambda r, codes=expected: r.code in codes)
            with self.subTest(regulation=code, catalogue=key, clause=clause):
                self.assertEqual(len(found), len(expected))
                words = {record.code: record.with_context(lang="ru_RU")[field] for record in found}
                self.maxDiff = None
                self.assertEqual(words, expected)

    def test_grounds(self):
        """KZ-18, RU-3.1, 3.2, 3.3, 6.1, 6.2 and annex 1: as many as printed, in the printed words."""
        self._check_wording("kz", "grounds")
        self._check_wording("ru", "grounds")

    def test_bases(self):
        """KZ-4, RU-4.2a, RU-4.2b, annex 2."""
        self._check_wording("kz", "bases")
        self._check_wording("ru", "bases")

    def test_removal_reasons(self):
        """KZ-19, RU-7.1 with every letter and sub-item, RU-7.2, RU-8."""
        self._check_wording("kz", "removal_reasons")
        self._check_wording("ru", "removal_reasons")

    def test_document_types(self):
        """KZ-11, KZ-19, the sixteen of RU-5.4, RU-9.2, RU-9.3."""
        self._check_wording("kz", "document_types")
        self._check_wording("ru", "document_types")

    def test_petition_kinds(self):
        """The four petitions of KZ-17, in the order's words; the Kazakh ones as the ministry's text has them."""
        self._check_wording("kz", "petition_kinds")
        kazakh = {r.code: r.with_context(lang="kk_KZ").name for r in self.records("vshu.petition.kind", "kz")}
        self.assertEqual(kazakh["17.2"], "ата-аналарына ықпал етудің әкімшілік шаралары туралы")
        self.assertEqual(kazakh["17.4"], "білім алушыны ішкі істер органдарында есепке қою туралы")

    def test_decision_texts(self):
        """The three outcomes of RU-5.2."""
        self._check_wording("ru", "decision_texts")

    def test_social_categories(self):
        """RU-1.3's hard life situations, annex 1's group list, annex 5; the passport's ticks are marked."""
        self._check_wording("ru", "social_categories")
        for code, ticks in (("kz", 12), ("ru", 13)):
            self.assertEqual(len(self.records("vshu.social.category", code).filtered("in_passport")), ticks)

    def test_rights_and_statistics(self):
        """KZ-22, KZ-23, RU-12: stated in the regulation's own words."""
        for code, fixture in self.fixtures.items():
            regulation = self.regulations[code].with_context(lang="ru_RU")
            for field, words in fixture["regulation"].items():
                self.assertEqual(regulation[field], words)
        self.assertEqual(self.regulations["kz"].rights_clause, "KZ-22")
        self.assertEqual(self.regulations["kz"].statistics_clause, "KZ-23")

    def test_windows(self):
        """RU-3.2 and RU-6.1: the windows of time that the case shows."""
        expected = self.fixtures["ru"]["windows"]
        found = self.records("vshu.ground", "ru").filtered("window_count").with_context(lang="ru_RU")
        self.assertEqual(
            {g.code: {"count": g.window_count, "unit": g.window_unit, "text": g.window_text} for g in found}, expected
        )

    def test_translated(self):
        """Every translatable value of the shipped regulations has its Russian and its Kazakh."""
        cyrillic = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
        models = [*CATALOGS, "vshu.regulation", "vshu.role", "vshu.enrollment.end.reason"]
        for model in models:
            records = self.env[model].with_context(active_test=False).search([])
            records -= records.filtered(lambda r: not r.get_external_id()[r.id].startswith("vshu_registry."))
            names = [name for name, field in records._fields.items() if field.store and field.translate]
            for lang in ("ru_RU", "kk_KZ"):
                bad = [
                    (record.get_external_id()[record.id], name)
                    for record in records.with_context(lang=lang)
                    for name in names
                    if record[name] and not cyrillic.search(record[name])
                ]
                self.assertFalse(bad, f"{model} {lang}")


@tagged("post_install", "-at_install")
class TestCatalogRules(CatalogCase):
    def test_clause_or_practice(self):
        """Every record of a shipped regulation says which clause it comes from, or that it is practice."""
        for model in CATALOGS:
            for code in self.regulations:
                records = self.records(model, code, active_test=False)
                bare = records.filtered(lambda r: not r.clause and not r.practice)
                self.assertFalse(bare, f"{model} {bare.mapped('code')}")
                prefix = f"{code.upper()}-"
                odd = records.filtered(lambda r, p=prefix: r.clause and not r.clause.startswith(p))
                self.assertFalse(odd, f"{model} {odd.mapped('clause')}")

    def test_clocks(self):
        """Every time limit has a rule that counts as the clause says (RU-2.2, RU-5.1 to 5.4, KZ-11, KZ-16)."""
        for code, fixture in self.fixtures.items():
            for clause, expected in fixture["clocks"].items():
                rule = self.one("vshu.deadline.rule", code, expected["code"])
                with self.subTest(clause=clause):
                    self.assertIn(clause.split()[0], rule.clause)
                    self.assertEqual(
                        {key: rule[key] for key in expected if key != "code"},
                        {key: value for key, value in expected.items() if key != "code"},
                    )

    def test_clock_conventions(self):
        """Local practice: counted from the next day, an end on a day off stays; deputy head, then head hear."""
        rules = self.records("vshu.deadline.rule", "kz") | self.records("vshu.deadline.rule", "ru")
        for rule in rules:
            self.assertEqual((rule.first_day, rule.day_off), ("next", "keep"), rule.code)
            self.assertEqual(
                (rule.escalation_role_id.code, rule.escalation2_role_id.code), ("deputy_head", "head"), rule.code
            )
            self.assertIn(rule.event, self.env[rule.model]._deadline_events)
            self.assertIn(rule.met_event, self.env[rule.model]._deadline_events)
        self.assertTrue(self.one("vshu.deadline.rule", "ru", "5.4.characteristic").repeat)

    def test_terms(self):
        """KZ-16: three to six months, extensions without cap; RU-10: no fixed term, a review every three months."""
        for code, fixture in self.fixtures.items():
            rules = {rule.kind: rule for rule in self.records("vshu.term.rule", code)}
            self.assertEqual(set(rules), set(fixture["terms"]))
            for kind, expected in fixture["terms"].items():
                self.assertEqual({key: rules[kind][key] for key in expected}, expected)
                self.assertTrue(rules[kind].expiring_days and rules[kind].watch_months)

    def test_routes_of_the_clauses(self):
        """KZ-4, RU-5.1, RU-5.2, RU-6: who decides, who submits, who may dismiss, which date counts."""
        for code, fixture in self.fixtures.items():
            for clause, expected in fixture["routes"].items():
                routes = self.of_clause(self.records("vshu.route", code), clause)
                with self.subTest(clause=clause):
                    self.assertEqual(sorted(set(routes.mapped("body"))), expected["bodies"])
                    if "submitters" in expected:
                        self.assertEqual(sorted(routes.submitter_role_ids.mapped("code")), expected["submitters"])
                    if "dismissers" in expected:
                        self.assertEqual(sorted(routes.dismisser_role_ids.mapped("code")), expected["dismissers"])
                    if "placement_date" in expected:
                        self.assertEqual(set(routes.mapped("placement_date")), {expected["placement_date"]})
                    if "consent" in expected:
                        self.assertEqual(set(routes.mapped("consent_required")), {expected["consent"]})

    def test_control_by_the_council_alone(self):
        """RU-6, RU-9.1: no route to control but the council's; none to remove from it either."""
        routes = self.records("vshu.route", "ru").filtered(lambda r: r.kind == "control")
        self.assertEqual(set(routes.mapped("body")), {"council"})
        self.assertEqual(set(routes.category_ids.mapped("subject")), {"student", "family"})
        reasons = self.records("vshu.removal.reason", "ru").filtered(lambda r: r.kind == "control")
        self.assertEqual(set(reasons.mapped("body")), {"council"})

    def test_nobody_dismisses_in_russia(self):
        """RU-5.2: the submission goes to the council, nobody in between may dismiss it."""
        self.assertFalse(self.records("vshu.route", "ru").dismisser_role_ids)

    def test_consent_of_the_head(self):
        """RU-3.2: whatever the basis and whoever decides, its categories are placed with the head's consent."""
        category = self.one("vshu.ground.category", "ru", "3.2")
        for route in self.records("vshu.route", "ru"):
            self.assertEqual(route.consent_required, category in route.category_ids, route.code)

    def test_outcomes(self):
        """RU-5.2: the council has three outcomes; the head and an outside paper place only."""
        for route in self.records("vshu.route", "ru") | self.records("vshu.route", "kz"):
            effects = sorted(route.decision_kind_ids.mapped("effect"))
            expected = ["decline", "place", "watch"] if route.body == "council" else ["place"]
            self.assertEqual(effects, expected, route.code)
            for kind in route.decision_kind_ids:
                self.assertIn(route.body, kind.form_ids.mapped("body"), f"{route.code} {kind.code}")
                self.assertIn(kind.kind, (False, route.kind))

    def test_matrix_is_complete(self):
        """Every list of grounds that a basis serves has a route, and every route's bases serve its lists."""
        for code in self.regulations:
            routes = self.records("vshu.route", code)
            for basis in self.records("vshu.basis", code):
                for category in basis.category_ids:
                    fitting = routes.filtered(
                        lambda r, b=basis, c=category: b in r.basis_ids and c in r.category_ids and r.kind == c.kind
                    )
                    self.assertTrue(fitting, f"{basis.code} × {category.code}")
            for route in routes:
                self.assertEqual(set(route.category_ids.mapped("kind")), {route.kind}, route.code)
                for basis in route.basis_ids:
                    self.assertLessEqual(route.category_ids, basis.category_ids, f"{route.code} {basis.code}")
            served = routes.category_ids
            self.assertEqual(served, self.records("vshu.ground.category", code))

    def test_automatic_ends(self):
        """RU register 7.1 а) and б) end a stay by themselves; nothing else does, KZ has no end at 18."""
        for code, fixture in self.fixtures.items():
            automatic = self.records("vshu.removal.reason", code).filtered("automatic")
            self.assertEqual(sorted(automatic.mapped("code")), fixture["automatic"])
            self.assertFalse(automatic.filtered("body"))
            self.assertEqual(set(automatic.mapped("kind")) - {"register"}, set())
        automatic = self.records("vshu.removal.reason", "ru").filtered("automatic")
        by_age = automatic.filtered(lambda r: r.trigger == "age")
        self.assertEqual((by_age.code, by_age.age_years), ("7.1.b", 18))
        by_end = automatic - by_age
        self.assertEqual(set(by_end.mapped("trigger")), {"enrollment_end"})
        ends = [end for reason in by_end for end in reason.end_reason_ids]
        self.assertEqual(len(ends), len(set(ends)), "an end of enrolment leads to one reason")
        self.assertTrue(all(end.leaves_school for end in ends))
        self.assertNotIn("other", [end.code for end in ends])

    def test_removal_by_decision(self):
        """RU-7.3, RU-7.2, KZ-19: who may propose, who decides; letters в–и and л go to the council."""
        for reason in self.of_clause(self.records("vshu.removal.reason", "ru"), "RU-7.1"):
            if reason.automatic or reason.is_group:
                continue
            if reason.code == "7.1.k":
                self.assertEqual(reason.body, "outside")
                continue
            self.assertEqual(reason.body, "council")
            self.assertEqual(
                set(reason.proposer_role_ids.mapped("code")), {"social_pedagogue", "class_teacher", "psychologist"}
            )
        self.assertEqual(self.one("vshu.removal.reason", "ru", "7.2").body, "outside")
        self.assertEqual(set(self.records("vshu.removal.reason", "kz").mapped("body")), {"council"})
        self.assertTrue(self.one("vshu.removal.reason", "kz", "19.3").is_transfer)

    def test_requirements(self):
        """KZ-11, KZ-19, RU-5.4, RU-9.2, RU-9.3: as many papers as the clause lists, at its stage."""
        for code, fixture in self.fixtures.items():
            records = self.records("vshu.document.requirement", code)
            for clause, expected in fixture["requirements"].items():
                found = self.of_clause(records, clause)
                counts = {stage: len(found.filtered(lambda r, s=stage: r.stage == s)) for stage in expected}
                self.assertEqual(counts, expected, clause)
                self.assertEqual(len(found), sum(expected.values()), clause)

    def test_requirements_as_needed(self):
        """Papers that depend on something are asked for there only: RU-9.2's of the police and of the commission."""
        for regulation, code in (("kz", "11.3"), ("ru", "9.2.4"), ("ru", "9.3.3"), ("ru", "5.4.4")):
            self.assertEqual(self.one("vshu.document.requirement", regulation, code).need, "if_needed", code)
        police = self.one("vshu.document.requirement", "ru", "9.2.5")
        self.assertEqual(police.ground_ids.mapped("code"), ["6.1.6"])
        decree = self.one("vshu.document.requirement", "ru", "9.2.6")
        self.assertEqual(decree.ground_ids.mapped("code"), ["6.2.3"])
        submission = self.one("vshu.document.requirement", "ru", "7.3")
        self.assertEqual(submission.category_ids.mapped("code"), ["3.2"])
        self.assertEqual(self.one("vshu.document.requirement", "ru", "5.4.5").repeat_months, 3)

    def test_positive_characteristics(self):
        """KZ-19: both characteristics are positive for an improvement; an objective reason asks for neither."""
        requirements = self.records("vshu.document.requirement", "kz").filtered(lambda r: r.stage == "removal")
        positive = requirements.filtered("positive")
        self.assertEqual(sorted(positive.mapped("code")), ["19.psychologist", "19.teacher"])
        self.assertTrue(all(positive.document_type_id.mapped("rated")))
        self.assertEqual(positive.removal_reason_ids.mapped("code"), ["19.1"])
        reasons = self.records("vshu.removal.reason", "kz")
        self.assertEqual((requirements - positive).removal_reason_ids, reasons)

    def test_references_stay_inside(self):
        """No record of one shipped regulation refers to the other's catalogues."""
        for model in CATALOGS:
            for code, regulation in self.regulations.items():
                for _record, _name, target in references(self.records(model, code, active_test=False)):
                    self.assertEqual(target.regulation_id, regulation)


@tagged("post_install", "-at_install")
class TestCatalogOwnVersion(CatalogCase):
    def test_shipped_is_read_only(self):
        """What comes with the program is not changed, archived, translated, added to or deleted by an administrator."""
        for regulation in self.regulations.values():
            mine = regulation.with_user(self.admin)
            with self.assertRaises(UserError):
                mine.write({"name": "Changed"})
            with self.assertRaises(UserError):
                mine.update_field_translations("name", {"ru_RU": "Изменено"})
            with self.assertRaises(UserError):
                mine.unlink()
        for model in CATALOGS:
            record = self.records(model, "ru")[:1].with_user(self.admin)
            with self.subTest(model=model):
                with self.assertRaisesRegex(UserError, "Make our own version"):
                    record.write({"clause": "RU-0"})
                with self.assertRaises(UserError):
                    record.action_archive()
                with self.assertRaises(UserError):
                    record.update_field_translations("name", {"ru_RU": "Изменено"})
                if model != "vshu.term.rule":  # there is one rule a kind, so no second one can be tried
                    with self.assertRaises(UserError):
                        record.copy({"code": "copy"})

    def test_delete_is_refused(self):
        """Nothing that has been in force is deleted, by whomever: it is archived, old cases keep their words."""
        for model in CATALOGS:
            record = self.records(model, "kz")[:1]
            with self.subTest(model=model), self.assertRaises(UserError):
                record.unlink()
        own = self._own("kz")
        own.date_from = "2026-09-01"
        own.action_put_in_force()
        with self.assertRaisesRegex(UserError, "Archive it"):
            own.ground_ids[0].unlink()
        own.ground_ids[0].action_archive()

    def _own(self, code):
        regulation = self.regulations[code].with_user(self.admin)
        action = regulation.action_make_own_version()
        return self.env["vshu.regulation"].with_user(self.admin).browse(action["res_id"])

    def test_own_version_is_complete(self):
        """“Make our own version” copies every record, archived ones too, with the words in every language."""
        archived = self.one("vshu.ground", "ru", "3.2.5")
        archived.active = False
        for code, regulation in self.regulations.items():
            own = self._own(code)
            self.assertEqual((own.state, own.shipped, own.origin_id), ("draft", False, regulation))
            self.assertEqual(own.company_id, self.admin.company_id)
            for model in CATALOGS:
                originals = self.records(model, code, active_test=False)
                copies = self.env[model].with_context(active_test=False).search([("regulation_id", "=", own.id)])
                self.assertTrue(originals, model)
                self.assertEqual(copies.mapped("code"), originals.mapped("code"), model)
                self.assertEqual(copies.mapped("active"), originals.mapped("active"), model)
                names = [name for name, field in copies._fields.items() if field.store and field.translate]
                for lang in ("en_US", "ru_RU", "kk_KZ"):
                    for name in names:
                        self.assertEqual(
                            copies.with_context(lang=lang).mapped(name),
                            originals.with_context(lang=lang).mapped(name),
                            f"{model}.{name} {lang}",
                        )

    @slow
    def test_own_version_refers_to_itself(self):
        """No reference of a copy points back into the original's catalogues, and none is lost."""
        for code, regulation in self.regulations.items():
            own = self._own(code)
            for model in CATALOGS:
                copies = self.env[model].with_context(active_test=False).search([("regulation_id", "=", own.id)])
                originals = self.records(model, code, active_test=False)
                seen = [(r.code, name, target.code) for r, name, target in references(copies)]
                self.assertEqual(seen, [(r.code, name, target.code) for r, name, target in references(originals)])
                for record, name, target in references(copies):
                    self.assertEqual(target.regulation_id, own, f"{model} {record.code} {name}")
                    self.assertNotEqual(target.regulation_id, regulation)

    @slow
    def test_own_version_in_the_users_language(self):
        """A Russian-speaking administrator gets the English source words and the Kazakh too."""
        self.admin.lang = "ru_RU"
        regulation = self.regulations["ru"].with_user(self.admin).with_context(lang="ru_RU")
        own = self.env["vshu.regulation"].browse(regulation.action_make_own_version()["res_id"])
        for lang in ("en_US", "ru_RU", "kk_KZ"):
            self.assertEqual(own.with_context(lang=lang).name, self.regulations["ru"].with_context(lang=lang).name)
            self.assertEqual(
                own.ground_ids.with_context(lang=lang).mapped("name"),
                self.regulations["ru"].ground_ids.with_context(lang=lang).mapped("name"),
            )

    def test_own_version_can_be_changed(self):
        """An administrator changes the copy; the original stays as it was."""
        own = self._own("kz")
        rule = own.deadline_rule_ids.filtered(lambda r: r.code == "11")
        rule.offset = 5
        own.ground_ids[0].name = "our own words"
        own.ground_ids[-1].unlink()
        own.write({"social_category_ids": [Command.create({"name": "Ours", "code": "ours", "subject": "student"})]})
        self.assertEqual(self.one("vshu.deadline.rule", "kz", "11").offset, 3)
        self.assertEqual(len(self.regulations["kz"].ground_ids), 7)

    @slow
    def test_put_in_force(self):
        """A version counts from its date; a later one supersedes it from the day before."""
        own = self._own("ru")
        with self.assertRaisesRegex(UserError, "date"):
            own.action_put_in_force()
        own.date_from = "2026-09-01"
        own.action_put_in_force()
        self.assertEqual(own.state, "in_force")
        later = self._own("ru")
        later.date_from = "2026-09-01"
        with self.assertRaises(UserError):
            later.action_put_in_force()
        later.date_from = "2027-01-11"
        later.action_put_in_force()
        self.assertEqual((own.state, str(own.date_to)), ("superseded", "2027-01-10"))
        self.assertEqual(self.regulations["ru"].state, "in_force", "the shipped one stays for other schools")


def references(records):
    """Yield (record, field, target) for every reference of the records into a catalogue."""
    records = records.with_context(active_test=False)
    names = [
        name
        for name, field in records._fields.items()
        if field.type in ("many2one", "many2many")
        and field.comodel_name in CATALOGS
        and field.store
        and not field.related
    ]
    for record in records:
        for name in names:
            for target in record[name].sorted("code"):
                yield record, name, target
