"""The check of how an addon is laid out: each kind of finding on a small addon, and the list of what waits."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools" / "checks"))

import house_check  # noqa: E402

LAYERS = {"vshu_small": (("mixins",), ("case",), ("signal", "journal"))}
CASE = """
from odoo import fields, models
from ..mixins import small_mixin
from ...tools import words


class Case(models.Model):
    _name = "small.case"
    _inherit = ["small.flow", "small.mixin"]

    name = fields.Char()

    def action_close(self):
        pass

    def action_open(self):
        return super().action_open()
"""
FLOW = """
from odoo import models


class Flow(models.AbstractModel):
    _name = "small.flow"

    def action_submit(self):
        pass
"""
MIXIN = """
from odoo import models


class Mixin(models.AbstractModel):
    _name = "small.mixin"

    def action_open(self):
        pass
"""
OTHER = """
from odoo import models


class Signal(models.Model):
    _name = "small.signal"
    _inherit = ["small.mixin"]
"""
VIEW = """<odoo>
    <record id="view_case_form" model="ir.ui.view">
        <field name="model">small.case</field>
        <field name="arch" type="xml"><form/></field>
    </record>
    <record id="view_partner_form" model="ir.ui.view">
        <field name="inherit_id" ref="base.view_partner_form"/>
        <field name="arch" type="xml"><form/></field>
    </record>
    <record id="view_case_short" model="ir.ui.view">
        <field name="inherit_id" ref="view_case_form"/>
        <field name="mode">primary</field>
        <field name="arch" type="xml"><form/></field>
    </record>
</odoo>
"""
RULES = """<odoo>
    <record id="rule_mine" model="ir.rule">
        <field name="domain_force">[('is_mine', '=', True)]</field>
    </record>
    <record id="rule_mine_too" model="ir.rule">
        <field name="domain_force">[('is_mine', '=', True)]</field>
    </record>
    <record id="rule_open" model="ir.rule">
        <field name="domain_force">[('is_open', '=', True), ('is_mine', '=', True)]</field>
    </record>
</odoo>
"""
SECOND = """
from odoo import {imports}


class Second(models.{base}):
    {names}

    {line}
"""


class Addon:
    """An addon in a folder of the test."""

    def __init__(self, folder):
        self.folder = folder / "vshu_small"
        self.write("models/case/small_case.py", CASE)
        self.write("models/case/small_flow.py", FLOW)
        self.write("models/mixins/small_mixin.py", MIXIN)
        self.write("models/signal/small_signal.py", OTHER)
        self.write("tools/words.py", "from odoo import models\n")
        self.write("views/small_views.xml", VIEW)
        self.write("security/small_rules.xml", RULES)

    def write(self, name, text):
        """Write a file of the addon."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def second(self, line, names='_inherit = "small.case"', base="Model"):
        """Write one more class with a single definition."""
        text = SECOND.format(imports="fields, models", names=names, line=line, base=base)
        self.write("models/case/small_second.py", text)

    def findings(self):
        """What is found in it, sorted."""
        return sorted(house_check.findings([self.folder], LAYERS))


@pytest.fixture
def addon(tmp_path):
    """An addon in which there is nothing to find."""
    return Addon(tmp_path)


def test_a_clean_addon(addon):
    """A mixin of two models may be overridden, one's own condition used twice, another addon's view extended."""
    assert addon.findings() == []


@pytest.mark.parametrize(
    ("line", "names", "name"),
    [
        ("def action_close(self): pass", '_inherit = "small.case"', "action_close"),
        ("def action_close(self): pass", '_name = "small.case"\n    _inherit = ["small.case", "x"]', "action_close"),
        ("name = fields.Char(required=True)", '_inherit = "small.case"', "name"),
        # an abstract model that serves this model alone is a part of it
        ("def action_submit(self): pass", '_inherit = "small.case"', "action_submit"),
    ],
)
def test_a_double(addon, line, names, name):
    """A method or a field of one model in two classes, by whichever way the class says which model it is."""
    addon.second(line, names)
    assert addon.findings() == [f"vshu_small: small.case.{name} is defined in 2 places"]


def test_a_part_alone_is_no_double(addon):
    """What only one class defines is none, nor is what each class says of itself."""
    addon.second("def action_print(self): pass", '_inherit = "small.case"\n    _description = "Case"')
    assert addon.findings() == []


def test_another_addon_overrides(addon, tmp_path):
    """A method of the model of another addon is overridden there: that is what addons are for."""
    other = tmp_path / "vshu_other"
    (other / "models").mkdir(parents=True)
    text = SECOND.format(
        imports="models", names='_inherit = "small.case"', base="Model", line="def action_close(self): pass"
    )
    (other / "models" / "small_case.py").write_text(text, encoding="utf-8")
    assert not house_check.findings([addon.folder, other], LAYERS)


@pytest.mark.parametrize(
    ("file", "line", "finding"),
    [
        (
            "models/case/up.py",
            "from ..signal import small_signal",
            "models/case/up imports from models/signal, which stands above it",
        ),
        (
            "models/mixins/up.py",
            "from odoo.addons.vshu_small.models.case.small_case import Case",
            "models/mixins/up imports from models/case, which stands above it",
        ),
        (
            "models/mixins/up.py",
            "import odoo.addons.vshu_small.models.case.small_case",
            "models/mixins/up imports from models/case, which stands above it",
        ),
        (
            "models/journal/up.py",
            "from ..signal.small_signal import X",
            "models/journal/up imports from models/signal, which stands beside it",
        ),
        ("tools/up.py", "from ..models.case import small_case", "tools/up imports models.case, tools know no models"),
        ("models/attic/up.py", "", "the folder models/attic has no rank"),
    ],
)
def test_an_import_upwards(addon, file, line, finding):
    """Folders of models import downwards only, those of one rank not each other, tools no models."""
    addon.write(file, f"{line}\n")
    assert addon.findings() == [f"vshu_small: {finding}"]


def test_files_beside_the_folders(addon):
    """A file directly in models/ has no rank."""
    addon.write("models/loose.py", "from .signal import small_signal\n")
    addon.write("models/case/low.py", "from ..loose import X\nfrom ...tools.words import WORDS\n")
    assert addon.findings() == []


@pytest.mark.parametrize("prefix", ["", "vshu_small."])
def test_a_view_that_extends_an_own_one(addon, prefix):
    """Whether it names the addon or not."""
    addon.write(
        "views/more_views.xml",
        f'<odoo><record id="view_more" model="ir.ui.view"><field name="inherit_id" ref="{prefix}view_case_form"/>'
        '<field name="arch" type="xml"><form/></field></record></odoo>',
    )
    assert addon.findings() == ["vshu_small: the view view_more extends view_case_form of the same addon"]


def test_a_domain_twice(addon):
    """The same conditions in two rules, however the lines are broken."""
    addon.write(
        "security/more_rules.xml",
        "<odoo><record id='rule_again' model='ir.rule'><field name='domain_force'>[\n  ('is_open', '=', True),"
        "\n  ('is_mine', '=', True),\n]</field></record></odoo>",
    )
    assert addon.findings() == [
        "vshu_small: the domain of rule_again is that of another rule too",
        "vshu_small: the domain of rule_open is that of another rule too",
    ]


def test_a_long_domain(addon):
    """One that no reader follows."""
    domain = ", ".join(f"('a_field_with_a_long_name_{number}', '=', True)" for number in range(5))
    addon.write(
        "security/more_rules.xml",
        f'<odoo><record id="rule_long" model="ir.rule"><field name="domain_force">[{domain}]</field></record></odoo>',
    )
    assert addon.findings() == ["vshu_small: the domain of rule_long is longer than 200 characters"]


def test_the_list_of_what_waits(addon, tmp_path, capsys):
    """What is known passes, what is new fails, and so does a line about something that is mended."""
    allowed = tmp_path / "allowed.txt"
    arguments = ["--allowed", str(allowed), str(addon.folder)]
    addon.second("def action_close(self): pass")
    assert house_check.main(arguments) == 1
    assert "small.case.action_close is defined in 2 places (models/case" in capsys.readouterr().out
    assert house_check.main(["--write-allowed", *arguments]) == 0
    assert house_check.main(arguments) == 0
    addon.second("def action_print(self): pass")
    assert house_check.main(arguments) == 1
    assert "mended" in capsys.readouterr().out
    assert house_check.main(["--write-allowed", *arguments]) == 0
    assert allowed.read_text() == ""
    allowed.write_text("b\na\n")
    assert house_check.main(arguments) == 1
    assert "not sorted" in capsys.readouterr().out


def test_this_repository():
    """The addons as they are: nothing beside what is on the list, and nothing on it that is mended."""
    assert house_check.main([]) == 0
