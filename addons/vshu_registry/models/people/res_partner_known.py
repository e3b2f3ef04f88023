from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.guard import is_guarded
from ...tools.links_to import linked_ids
from ...tools.states import OPEN_STATES
from .res_partner import STAFF

#: who a person is: of people whom the register knows only those who keep people's records change it
IDENTITY = frozenset(("name", "active", "company_id", "is_company"))
#: written by the register's own merge only
MERGED = frozenset(("vshu_merged_into_id", "vshu_merged_names", "vshu_merge_note"))


class ResPartner(models.Model):
    """Contacts whom the register knows: other tools of Odoo do not merge, rename, move, archive or delete them."""

    _inherit = "res.partner"

    vshu_merged_into_id = fields.Many2one(
        "res.partner",
        string="Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=STAFF,
        help="The entry of the same person that is kept.",
    )
    vshu_merged_names = fields.Char(
        string="Also entered as",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="Names of the entries of the same person that were merged into this one.",
    )
    vshu_merge_note = fields.Text(
        string="What was merged", readonly=True, copy=False, groups="vshu_registry.group_case_reader"
    )

    def _vshu_check_known(self, vals):
        """Raise where a user writes what a merge leaves behind, or changes who somebody known to the register is."""
        self._vshu_check_merged([vals])
        names = IDENTITY & vals.keys()
        if names:
            self._vshu_check_identity({name: vals[name] for name in names})

    @api.model
    def _vshu_check_merged(self, written):
        """Raise AccessError where a user writes what a merge leaves behind.

        :param written: for each contact the names of the fields that are written
        """
        if any(MERGED & set(names) for names in written):
            raise AccessError(self.env._("What a merge leaves behind is written by the merge itself."))

    def _vshu_known(self):
        """Return those of the contacts whom the register knows: students, and whoever one of its records names."""
        ids = linked_ids(self.env, "res.partner", self.ids, proposals=False)
        # sudo: whether a person is known is told to nobody but the check that asks
        marked = self.sudo().filtered(lambda p: p.vshu_is_student or p.vshu_family_id or p.vshu_merged_into_id)
        return self.filtered(lambda partner: partner.id in ids or partner.id in marked._ids)

    def _vshu_check_identity(self, vals):
        """Raise where the new values change who a person known to the register is, or hide a pupil from the school.

        :param dict vals: the values among ``IDENTITY`` that are written
        """
        people = self.sudo()  # sudo: the values as they are; the names are told to whoever writes them
        changed = people.filtered(
            lambda person: any(
                person._fields[name].convert_to_write(person[name], person) != (value or False)
                for name, value in vals.items()
            )
        )
        if changed and not self._vshu_is_keeper():
            # bodies and offices are nobody's child or parent: whoever keeps contacts keeps them
            known = changed._vshu_known().filtered(lambda person: not person.is_company)
            if known:
                raise AccessError(
                    self.env._(
                        "“%s”: the school's records of people refer to this contact. Its name, company and archiving "
                        "are changed by the social pedagogue or the register administrator: tell them what has to be "
                        "corrected. Phones, e-mail and address you can change here.",
                        known[0].name,
                    )
                )
        if "active" in vals and not vals["active"]:
            changed._vshu_check_archive()
        if isinstance(vals.get("company_id"), int):
            changed._vshu_check_company(self.env["res.company"].browse(vals["company_id"]).sudo())  # sudo: its parents

    def _vshu_check_archive(self):
        """Raise UserError where one of the contacts is a pupil of a class or has an open case: they would vanish."""
        pupils = self.filtered("vshu_is_student")
        if not pupils:
            return
        # sudo: that there is a class or a case forbids it; the case is told to nobody
        running = self.env["vshu.enrollment"].sudo().search(pupils._vshu_running(), limit=1)
        if running:
            raise UserError(
                self.env._(
                    "“%(student)s” is in class %(class)s: an archived pupil would vanish from the lists. End the "
                    "enrolment with its reason first.",
                    **{"student": running.student_id.name, "class": running.class_id.name},
                )
            )
        cases = self.env["vshu.case"].sudo()  # sudo: see above
        for case in cases.search([("student_id", "in", pupils.ids), ("state", "in", OPEN_STATES)], limit=1):
            raise UserError(
                self.env._(
                    "“%s” cannot be archived now: something in the school's records of this pupil is still open. "
                    "Ask the social pedagogue.",
                    case.student_id.name,
                )
            )

    def _vshu_check_company(self, company):
        """Raise UserError where a pupil's school would not see the contact any more in the company ``company``."""
        pupils = self.filtered("vshu_is_student")
        if not pupils:
            return
        # sudo: which school the pupil is in
        for running in self.env["vshu.enrollment"].sudo().search(pupils._vshu_running()):
            if company not in running.company_id.parent_ids:
                raise UserError(
                    self.env._(
                        "“%(student)s” is a pupil of %(school)s, which does not see contacts of %(company)s: the pupil "
                        "would vanish from its lists. Leave the company empty.",
                        student=running.student_id.name,
                        school=running.company_id.name,
                        company=company.name,
                    )
                )

    def _vshu_running(self):
        """Return the domain of the enrolments of the students that have not ended."""
        return Domain("student_id", "in", self.ids) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", self._vshu_today())
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_known(self):
        # what refers to a person is asked by _unlink_not_in_register
        if self.env.uid == SUPERUSER_ID and is_guarded(self.env):
            return
        people = self.sudo()  # sudo: the marks only; nothing of them is told
        merged = people.filtered("vshu_merged_into_id")
        if merged:
            raise UserError(
                self.env._("“%s” was merged into another entry and stays on record, archived.", merged[0].name)
            )
        if not self._vshu_is_keeper() and people.filtered("vshu_is_student"):
            self._vshu_check_keeper()


class VshuEnrollment(models.Model):
    _inherit = "vshu.enrollment"

    @api.model
    def _findings(self):
        """Return {code: enrolments} that run today while the contact of the pupil is out of sight of the school:
        archived, or of another company. Both were possible before, and made the pupil vanish from the lists."""
        running = self.with_context(active_test=False).search(
            Domain("date_to", "=", False) | Domain("date_to", ">=", "today")
        )
        archived = running.filtered(lambda enrollment: not enrollment.student_id.active)
        elsewhere = running.filtered(
            lambda enrollment: (
                enrollment.student_id.company_id
                and enrollment.student_id.company_id not in enrollment.company_id.parent_ids
            )
        )
        return {"pupil_archived": archived, "pupil_elsewhere": elsewhere}
