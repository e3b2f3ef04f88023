"""Clauses are data: no program text names one, and people read them in the words of the regulation."""

import ast
import json
import re
from pathlib import Path

from odoo.exceptions import ValidationError
from odoo.modules import get_module_path
from odoo.tests import tagged

from ..common import ADDONS, CLAUSE, VshuCommon

#: "the clause" as a raw identifier handed to a message
RAW = re.compile(r"""\.clause or|\["clause"\] or|get\("clause"\) or""")


def sources():
    """Yield (path, text) of the product's Python files."""
    for addon in ADDONS:
        root = get_module_path(addon, display_warning=False)
        for path in sorted(Path(root).rglob("*.py")) if root else ():
            if not {"tests", "migrations", "demo"} & set(path.parts):
                yield path, path.read_text(encoding="utf-8")


def words_of(tree):
    """Yield (line, text) of every string that is no docstring."""
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.lineno, node.value


@tagged("post_install", "-at_install")
class TestClause(VshuCommon):
    """law.md 14."""

    def test_no_message_names_a_clause(self):
        """A clause comes from the record: what one country's law says is not told to the other's schools."""
        named = [
            f"{path.name}:{line}: {text}"
            for path, source in sources()
            for line, text in words_of(ast.parse(source))
            if CLAUSE.search(text) and "KZ-1048" not in text  # an encoding
        ]
        self.assertFalse(named)

    def test_no_message_shows_an_identifier(self):
        """What is handed to a message went through the words of the regulation."""
        shown = [
            f"{path.name}:{number}: {line.strip()}"
            for path, source in sources()
            for number, line in enumerate(source.splitlines(), 1)
            if RAW.search(line) and "_clause_words" not in line and 'or ""' not in line
        ]
        self.assertFalse(shown)

    def test_no_screen_shows_an_identifier(self):
        """Views show ``clause_text``; the identifier stands only where a school edits its own version."""
        views = self.env["ir.ui.view"].search([("model", "=like", "vshu.%")])
        shown = []
        for view in views.filtered(lambda v: not v.inherit_id):
            arch = self.env[view.model].get_view(view.id, view.type)["arch"]
            for field in re.findall(r"<field [^>]*name=\"clause\"[^>]*>", arch):
                if view.type != "search" and not re.search(r"(column_)?invisible=", field):
                    shown.append((view.name, field))
        self.assertFalse(shown)

    def test_every_clause_is_said_in_words(self):
        """Each clause of the data reads as its regulation is called, in English, Russian and Kazakh."""
        cited = set()
        for name, model in self.env.registry.items():
            fields = [f for f in model._fields if f == "clause" or f.endswith("_clause")]
            if name.startswith("vshu.") and not model._abstract and not model._transient:
                for field in fields:
                    if model._fields[field].store:
                        cited |= set(self.env[name].with_context(active_test=False).search([]).mapped(field))
        cited.discard(False)
        self.assertGreater(len(cited), 80)
        regulation = self.env["vshu.regulation"]
        for lang, letters in (("en_US", "[a-z]"), ("ru_RU", "[а-я]"), ("kk_KZ", "[ғқңұөһі]|[Әә]дістемелік")):
            for clause in cited:
                words = regulation.with_context(lang=lang)._clause_words(clause)
                self.assertFalse(CLAUSE.search(words), f"{clause} → {words} ({lang})")
                self.assertRegex(words, letters)

    def test_words(self):
        self.assertEqual(
            [self.say(clause) for clause in ("RU-5.4", "RU-A6", "RU-A2 3)", "RU-A7.6", "RU-N2.5", "RU-7.1 к), RU-7.2")],
            [
                "п. 5.4 Положения",
                "приложение 6 к Положению",
                "п. 3) приложения 2 к Положению",
                "п. 6 приложения 7 к Положению",
                "п. 2.5 Инструкции (приложение 7 к Положению)",
                "подп. к) п. 7.1 Положения, п. 7.2 Положения",
            ],
        )
        self.assertEqual(self.say("KZ-18 5)"), "подп. 5) п. 18 Методических рекомендаций")
        self.assertEqual(self.say("KZ-18", "kk_KZ"), "Әдістемелік ұсынымдардың 18-тармағы")
        self.assertEqual(self.say("наш приказ № 5"), "наш приказ № 5", "what is no identifier stays as it is")
        self.assertEqual(self.say(False), "")

    def test_the_own_regulation_first(self):
        """What both regulations list is cited by the one that the school follows."""
        for bag, words in ((self.ru, "п. 6.2 Инструкции"), (self.kz, "п. 14 Методических рекомендаций")):
            said = self.say("KZ-14, RU-N6.2", company=bag.company)
            self.assertIn(words, said)
            self.assertNotIn(", ", said)

    def test_forms_are_checked(self):
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company).with_context(lang="ru_RU")
        own.clause_forms = "МОУ {a} = п. {a} нашего порядка"
        self.assertEqual(self.say("МОУ 7", company=self.kz.company), "п. 7 нашего порядка")
        self.assertEqual(self.say("МОУ 7", company=self.ru.company), "МОУ 7")
        for wrong in ("без знака", "X {a} = п. {b}"):
            with self.assertRaises(ValidationError):
                own.clause_forms = wrong

    def say(self, clause, lang="ru_RU", company=None):
        """Return the words for ``clause``."""
        regulation = self.env["vshu.regulation"].with_context(lang=lang)
        return regulation.with_company(company or self.env.company)._clause_words(clause)

    def test_words_follow_translations(self):
        """Words that were kept in memory before a language was loaded are forgotten: loading passes by the records."""
        regulation = self.kz.school.regulation_id.with_context(lang="ru_RU")
        regulation._clause_words("KZ-16")
        self.env.cr.execute(
            "UPDATE vshu_regulation SET clause_forms = jsonb_set(clause_forms, '{ru_RU}', %s) WHERE id = %s",
            [json.dumps("KZ-{a} = статья {a}"), regulation.id],
        )
        self.env.invalidate_all()
        self.assertNotEqual(regulation._clause_words("KZ-16"), "статья 16")
        self.env["ir.module.module"].search([("name", "=", "vshu_council")])._update_translations(["kk_KZ"])
        self.assertEqual(regulation._clause_words("KZ-16"), "статья 16")
