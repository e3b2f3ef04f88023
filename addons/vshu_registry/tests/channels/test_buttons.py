"""Every button that a form shows ends in what it says, or in words that say what to do (screens.md 4)."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..access_common import AccessCommon
from ..buttons_common import ButtonsCommon
from ..sealed.test_sealed import SealedBuilders
from . import test_actions


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestButtons(ButtonsCommon, AccessCommon, SealedBuilders):
    """A world with a record in each state that a builder makes, each about a pupil of its own."""

    #: builders whose state is of the whole school, and would change what the others find there
    apart = ("kz_closing", "kz_closing_keeper", "kz_school", "kz_school_put_away", "kz_transfer_in")

    #: lists that are brought in: test_import_channels
    others = ("vshu.import",)
    #: “Sealed: who reads it?” says it
    answers = frozenset({("vshu.document", "action_open_sealed")})
    #: the case that builders of the tests of actions start from, where there is one
    active = None

    def __getattr__(self, name):
        builder = vars(test_actions.TestActions).get(name)
        if builder is None or name.startswith("test"):
            raise AttributeError(name)
        return builder.__get__(self)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            cls.fill(bag)
        cls.build_states()

    @classmethod
    def build_states(cls):
        """Make a record of each state."""
        self = cls("setUp")
        for name in vars(test_actions.TestActions):
            bag = cls.ru if name.startswith("ru_") else cls.kz
            if not name.startswith(("kz_", "ru_")) or name in cls.apart or name in ("kz_paper", "kz_form", "kz_list"):
                continue
            known = bag.student, bag.case
            bag.student = cls.make_student(bag, f"Ученик {name}", bag.class_a)
            cls.make_guardian(bag.student)
            getattr(self, name)()
            bag.student, bag.case = known
        # a signal on a pupil of another class
        for bag in (cls.kz, cls.ru):
            for kind in ("appeal", "submission"):
                self.signal(bag, "class_teacher", student_id=bag.other_student.id, intake_kind=kind)

    def test_no_button_ends_in_a_refusal_of_rights(self):
        pressed = self.press_all((self.kz, self.ru), self.staff())
        self.assertGreater(len(pressed), 90)
