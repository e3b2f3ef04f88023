"""A paper has one language: headings, frozen words and signatures, whoever prints it (screens.md 3, B4).

An addon's test inherits :class:`PaperLanguages`, says in ``makers`` how each of its reports gets a record, and is red
for a report that it does not know.
"""

import re
from pathlib import Path

from lxml import html
from odoo.modules import get_module_path
from odoo.tools.translate import PoFileReader

from .common import ADDONS, REGISTER

WORD = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]{4,}")
#: letters that no Russian word has
KAZAKH = set("ӘәҒғҚқҢңӨөҰұҮүҺһІі")


def words_of(text):
    """Return the words of ``text`` in small letters."""
    return {word.lower() for word in WORD.findall(text)}


class PaperLanguages:
    """Mixed into a test case of an addon that has the builders of the register."""

    #: module of the reports, and {name of the report without the module: method(lang) → (school, role, record)}
    allow_inherited_tests_method = True
    module = ""
    makers = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ru_RU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.only = cls.own_words()
        cls.kz.company.name = "№ 12"  # in no language, as everything that a user types here

    @classmethod
    def own_words(cls):
        """Return {language: words that our translations use in it and not in the other one}."""
        words = {"ru_RU": set(), "kk_KZ": set()}
        for module in ADDONS:
            folder = get_module_path(module, display_warning=False)
            for lang, name in (("ru_RU", "ru"), ("kk_KZ", "kk")):
                path = folder and Path(folder) / "i18n" / f"{name}.po"
                if path and path.exists():
                    for row in PoFileReader(str(path)):
                        words[lang] |= words_of(row["value"] or "")
        return {"ru_RU": words["ru_RU"] - words["kk_KZ"], "kk_KZ": words["kk_KZ"] - words["ru_RU"]}

    def printed(self, report, record, bag, role, lang):
        """Return the words of the paper as ``role`` prints it with the client in ``lang``."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.as_(bag, role, self.env["ir.actions.report"]).with_context(lang=lang)
        tree = html.fromstring(env._render_qweb_html(report, record.ids)[0].decode())
        for node in tree.xpath("//style | //script | //head"):
            node.drop_tree()
        return " ".join(tree.itertext())

    def test_every_report_is_printed_in_one_language(self):
        addons = REGISTER if self.module in REGISTER else (self.module,)
        reports = self.env["ir.actions.report"].search([])
        reports = reports.filtered(lambda report: (report.xml_id or "").partition(".")[0] in addons)
        names = {report.xml_id.partition(".")[2]: report.report_name for report in reports}
        self.assertEqual(set(names), set(self.makers), "say for each report how it gets a record")
        for name, report in names.items():
            for lang in ("ru_RU", "kk_KZ"):
                bag, role, record = getattr(self, self.makers[name])(lang)
                # what is written down keeps its language; what is made up as it is printed follows the reader
                stored = not hasattr(record, "_paper_lang_chosen") or bool(record._paper_lang_chosen())
                for reader in ("ru_RU", "kk_KZ") if stored else (lang,):
                    with self.subTest(report=name, paper=lang, reader=reader):
                        self.assertOneLanguage(self.printed(report, record, bag, role, reader), lang)

    def assertOneLanguage(self, text, lang):  # noqa: N802 - as unittest names them
        """Assert that ``text`` has words of ``lang`` and none of the other language's own."""
        other = "kk_KZ" if lang == "ru_RU" else "ru_RU"
        found = words_of(text)
        self.assertTrue(found & self.only[lang], f"no word of {lang}: {text[:300]}")
        self.assertFalse(sorted(found & self.only[other]), f"words of {other}: {' '.join(text.split())[:2500]}")
        if lang == "ru_RU":
            self.assertFalse(KAZAKH & set(text), text[:2000])
