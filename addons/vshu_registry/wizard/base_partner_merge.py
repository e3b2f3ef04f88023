from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.people.res_partner import STAFF
from ..tools.guard import is_guarded


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's tool moves references by SQL, past every guard, and deletes what stands in its way: nobody whom the
    register knows is merged by it, whoever calls. The register merges two entries of one person itself."""

    _inherit = "base.partner.merge.automatic.wizard"

    vshu_left_out = fields.Integer(
        string="Left out",
        readonly=True,
        groups="base.group_partner_manager",
        help="Contacts that the school's records refer to: not merged here.",
    )

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        self._vshu_refuse(partner_ids)
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        # other tools that merge contacts begin here
        if model == "res.partner":
            self._vshu_refuse((src_records | dst_record).ids)
        return super()._update_foreign_keys_generic(model, src_records, dst_record)

    @api.model
    def _vshu_refuse(self, partner_ids):
        """Raise UserError where the register knows one of the contacts; who it is, is told to its staff only."""
        if is_guarded(self.env):
            return
        partners = self.env["res.partner"].browse(partner_ids).exists()
        known = partners._vshu_known()
        if not known:
            return
        if self.env.user.has_groups(STAFF):
            raise UserError(
                self.env._(
                    "“%s” is not merged here, since the register's records would be lost: choose both entries in the "
                    "list of contacts or students, then “Merge two entries of one person”.",
                    known[0].display_name,
                )
            )
        raise UserError(
            self.env._(
                "These contacts are not merged here: the school's records of people refer to one of them. Ask the "
                "social pedagogue, who can merge two entries of one person."
            )
        )

    def _process_query(self, query):
        """Leave people known to the register out of the groups that are proposed or merged by themselves."""
        res = super()._process_query(query)
        groups = {line: literal_eval(line.aggr_ids) for line in self.line_ids}
        ids = {partner_id for group in groups.values() for partner_id in group}
        known = set(self.env["res.partner"].browse(sorted(ids))._vshu_known().ids)
        gone = self.line_ids.browse()
        for line, group in groups.items():
            left = [partner_id for partner_id in group if partner_id not in known]
            if len(left) < 2:
                gone |= line
            elif len(left) < len(group):
                line.write({"aggr_ids": str(left), "min_id": min(left)})
        if known:
            gone.unlink()
            self.write({"vshu_left_out": self.vshu_left_out + len(known), "number_group": len(self.line_ids)})
        return res
