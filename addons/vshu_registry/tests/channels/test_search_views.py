"""What is typed into the search field of a list: Enter takes the first field of its search view (screens.md B1).

Made from the registry: every search view of ours, as everybody who may open it.
"""

from collections import defaultdict

from freezegun import freeze_time
from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..access_common import AccessCommon
from ..case.test_flow import TODAY
from ..common import ROLES

#: what people type: a name, a number, a number with its sign, what nobody is called, what breaks patterns
TYPED = ("Ахметов", "12", "№ 5", "№ 5 (2026/27)", "щщщ", "%_\\'\"(", "[1, 2]", "  ")
#: types that the client turns words into before it asks; words that do not fit are not offered to the user at all
PARSED = ("integer", "float", "monetary", "date", "datetime", "boolean", "selection")
#: lists that have a child or family and are not about any: their first field asks for what else
NOT_BY_CHILD = {
    "res.partner",  # the child itself, by name and file number
}


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 12:00:00")
class TestSearchViews(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.views = cls.env["ir.ui.view"].search([("type", "=", "search"), ("mode", "=", "primary")])
        cls.views = cls.views.filtered(lambda view: (view.xml_id or "").startswith("vshu_"))

    def _fields(self, model, view):
        """Return the fields of the search view as the user gets it."""
        arch = etree.fromstring(model.get_view(view.id, "search")["arch"])
        return [node for node in arch.iter("field") if node.getparent().tag == "search"]

    def _domain(self, node, words):
        """Return the domain that the client makes of words that are typed for a field."""
        if node.get("filter_domain"):
            return safe_eval(node.get("filter_domain"), {"self": words, "raw_value": words})
        return [(node.get("name"), node.get("operator") or "ilike", words)]

    def test_words_never_end_in_an_error(self):
        faults = defaultdict(set)
        self.assertGreater(len(self.views), 50)
        for role in ROLES:
            for view in self.views:
                model = self.as_(self.kz, role, self.env[view.model])
                if not model.has_access("read"):
                    continue
                for place, node in enumerate(self._fields(model, view)):
                    if model._fields[node.get("name")].type in PARSED:
                        if not place:
                            faults[f"{view.xml_id}: the first field takes no words"].add(role)
                        continue
                    for words in TYPED if not place else TYPED[:1]:
                        try:
                            with self.assertNoLogs("odoo.orm", "WARNING"), self.assertNoLogs("odoo.models", "WARNING"):
                                found = model.search(self._domain(node, words), limit=3)
                        except Exception as error:
                            faults[f"{view.xml_id} {node.get('name')} “{words}”: {error!r}"].add(role)
                            continue
                        if not place and words == "щщщ" and found:
                            faults[f"{view.xml_id}: junk finds {found}"].add(role)
        self.assertFalse(
            sorted(faults), "\n" + "\n".join(f"{what}: {sorted(roles)}" for what, roles in sorted(faults.items()))
        )

    def test_the_first_field_finds_the_child(self):
        """By name in every list that shows the child; by the number of the case in every list that shows the case."""
        missed, looked = [], set()
        for view in self.views:
            model = self.as_(self.kz, "deputy_head", self.env[view.model])
            if view.model in NOT_BY_CHILD or not model.has_access("read"):
                continue
            if not {"student_id", "case_id"} & model._fields.keys() and view.model != "vshu.case":
                continue
            for record in model.search([], limit=30):
                case = record if view.model == "vshu.case" else ("case_id" in record and record.case_id)
                student = record.student_id if "student_id" in record else case.student_id
                words = {
                    "name": student and student.name,
                    "number": case and case.number and case.display_name,
                }
                node = self._fields(model, view)[0]
                for kind, typed in words.items():
                    if kind == "number" and "case_id" not in (node.get("filter_domain") or ""):
                        continue
                    try:
                        if typed and record not in model.search(self._domain(node, typed)):
                            missed.append(f"{view.xml_id}: {record} is not found by “{typed}”")
                    except AccessError as error:
                        missed.append(f"{view.xml_id}: {error}")
                    looked.add(view.model)
                break
        self.assertFalse(missed, "\n".join(missed))
        self.assertGreaterEqual(len(looked), 12, looked)
