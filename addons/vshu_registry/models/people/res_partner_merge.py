from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.guard import guarded
from ...tools.links_to import column_of, linked_ids, links_to
from ...tools.locks import wait_for
from ...tools.spans import clusters, joined_dates

#: what the kept entry takes from the other one where it is empty itself
FILLED = (
    "phone",
    "email",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "country_id",
    "lang",
    "function",
    "ref",
    "vshu_birth_date",
    "vshu_sex",
    "vshu_file_number",
    "vshu_family_id",
    "vshu_workplace",
    "vshu_education",
)
#: records that hang on a contact by model and id
HANGING = (
    ("mail.message", "model", "res_id"),
    ("ir.attachment", "res_model", "res_id"),
    ("mail.activity", "res_model", "res_id"),
)


class ResPartner(models.Model):
    """Two entries of one person become one: every reference of the register goes over, nothing is lost or doubled.

    Words, numbers and hashes of what was written stay as they are: references are moved in the tables themselves, then
    all that is computed from them is computed anew, and every constraint on them is checked again.
    """

    _inherit = "res.partner"

    # -- right -------------------------------------------------------------------------------------------------------

    @api.model
    def _vshu_may_merge(self):
        """Tell whether the user may merge entries: social pedagogue, or whoever stands in for one today."""
        user = self.env.user
        return bool(
            self.env.su
            or user.has_group("vshu_registry.group_social_pedagogue")
            or self.env["vshu.standin"]._holds(user, "social_pedagogue")
        )

    def _vshu_check_merger(self):
        """Raise AccessError where the user does not merge entries, or not of these people."""
        if not self._vshu_may_merge():
            raise AccessError(self.env._("Two entries of one person are merged by the social pedagogue only."))
        self.check_access("read")
        if self.env.su:
            return
        own = set(self.env.companies.ids) & set(self.env.user._get_company_ids())
        for schools in self._vshu_schools().values():
            if not schools <= own:
                raise AccessError(
                    self.env._("One of the entries belongs to the records of another school: it is not merged here.")
                )

    def _vshu_schools(self):
        """Return {id: ids of the schools whose records refer to the person}, in one query."""
        self.env.flush_all()
        parts = [SQL("SELECT partner_id, company_id FROM vshu_partner_company_rel WHERE partner_id IN %s", self._ids)]
        for name, field in links_to(self.env, "res.partner"):
            model = self.env[name]
            company = model._fields.get("company_id")
            if company is None or not company.store or name == "res.partner":
                continue
            table, own, column = column_of(self.env, name, field)
            source = SQL.identifier(model._table)
            parts.append(
                SQL(
                    "SELECT l.%(column)s, s.company_id FROM %(table)s l JOIN %(source)s s ON s.id = l.%(own)s"
                    " WHERE l.%(column)s IN %(ids)s",
                    column=column,
                    table=table,
                    source=source,
                    own=own,
                    ids=self._ids,
                )
            )
        parts.append(
            SQL(
                "SELECT g.partner_id, r.company_id FROM vshu_guardian g"
                " JOIN vshu_partner_company_rel r ON r.partner_id = g.student_id WHERE g.partner_id IN %s",
                self._ids,
            )
        )
        schools = {partner_id: set() for partner_id in self._ids}
        for partner_id, company_id in self.env.execute_query(SQL(" UNION ").join(parts)):
            if company_id:
                schools[partner_id].add(company_id)
        return schools

    # -- merging -----------------------------------------------------------------------------------------------------

    def action_vshu_merge(self):
        """Open “Merge two entries of one person” for the one or two people chosen. Returns the dialog.

        Raises AccessError but for the social pedagogue, UserError where more than two are chosen.
        """
        self._vshu_check_merger()
        if not 1 <= len(self) <= 2:
            raise UserError(self.env._("Choose the two entries of one person, no more."))
        first = self.sorted(lambda partner: (not partner.active, partner.id))
        child = any(first.mapped("vshu_is_student"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge two entries of one child")
            if child
            else self.env._("Merge two entries of one adult"),
            "res_model": "vshu.merge",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_kind": "student" if child else "adult",
                "default_first_id": first[0].id,
                "default_second_id": first[1:].id,
            },
        }

    def _vshu_merge(self, other, kind, birth_date=False):
        """Merge ``other`` into this entry, in one transaction.

        :param res.partner other: the entry that is given up: archived, marked, found by its name still
        :param str kind: ``student`` or ``adult``
        :param birth_date: the date of birth that is right, where the two differ

        Raises AccessError but for the social pedagogue of their school, UserError that lists what contradicts and what
        is to be settled first; nothing is done then. Constraints are checked again on all that was moved.
        """
        self.ensure_one()
        both = self | other
        both._vshu_check_merger()
        # sudo: the right was checked for these very people; what is moved may be nobody's to write
        kept, gone = guarded(self.sudo()), guarded(other.sudo())
        wait_for(kept | gone)
        problems = kept._vshu_merge_problems(gone, kind, birth_date)
        if problems:
            raise UserError(
                self.env._("Before the two entries are merged:\n%s", "\n".join(f"• {text}" for text in problems))
            )
        note = kept._vshu_merge_words(gone)
        values = kept._vshu_merge_values(gone, birth_date)
        moved = kept._vshu_join_links(gone)
        moved += kept._vshu_move_links(gone)
        kept._vshu_move_hanging(gone)
        gone.write({"vshu_is_student": False, "vshu_family_id": False, "vshu_merged_into_id": kept.id, "active": False})
        names = [kept.vshu_merged_names, gone.vshu_merged_names, gone.name if gone.name != kept.name else None]
        kept.write(
            {
                **values,
                "vshu_is_student": kind == "student" or kept.vshu_is_student,
                "vshu_merged_names": "; ".join(filter(None, names)) or False,
                "vshu_merge_note": "\n\n".join(filter(None, [note, kept.vshu_merge_note])),
            }
        )
        self.env.flush_all()
        for records, name in moved:
            records.exists()._validate_fields([name])
        left = linked_ids(self.env, "res.partner", gone.ids)
        if left:
            raise UserError(self.env._("“%s”: not everything could be moved, so nothing was.", other.display_name))
        kept._vshu_tell_merged(gone)

    def _vshu_merge_values(self, gone, birth_date):
        """Return the values that the kept entry takes from the other: what it has not got itself."""
        values = {}
        for name in FILLED:
            if not self[name] and gone[name]:
                values[name] = self._fields[name].convert_to_write(gone[name], gone)
        if birth_date:
            values["vshu_birth_date"] = birth_date
        return values

    def _vshu_tell_merged(self, gone):
        """Leave a note with both entries. What the register holds is not told here: everybody reads contacts."""
        author = self.env.user.partner_id
        self.message_post(
            body=self.env._(
                "Another entry of the same person, “%(name)s” (id %(id)s), was merged into this one by %(user)s on "
                "%(date)s. It is archived; what it held is here.",
                name=gone.name,
                id=gone.id,
                user=author.name,
                date=fields.Date.to_string(self._vshu_today()),
            ),
            author_id=author.id,
        )
        gone.message_post(
            body=self.env._("This entry was merged into “%(name)s” (id %(id)s).", name=self.name, id=self.id),
            author_id=author.id,
        )

    # -- moving ------------------------------------------------------------------------------------------------------

    def _vshu_join_links(self, gone):
        """Join dated links that would be there twice; return what was changed as [(records, field name)]."""
        same = {gone.id: self.id}
        ids = (self | gone).ids

        def who(person):
            return same.get(person.id, person.id)

        plans = (
            ("vshu.enrollment", [("student_id", "in", ids)], lambda e: (e.company_id.id, e.class_id.id)),
            (
                "vshu.category.entry",
                [("student_id", "in", ids)],
                lambda e: (e.company_id.id, e.category_id.id),
            ),
            (
                "vshu.guardian",
                Domain("student_id", "in", ids) | Domain("partner_id", "in", ids),
                lambda g: (who(g.student_id), who(g.partner_id), g.kind),
            ),
        )
        moved = []
        for name, domain, key in plans:
            records = self.env[name].with_context(active_test=False).search(domain)
            for chain in clusters(records, key):
                moved += self._vshu_join(records.browse([record.id for record in chain]))
        return moved

    def _vshu_join(self, chain):
        """Let the first of the kept entry's links stand for all of ``chain``; references to the others go to it."""
        mine = chain.filtered(
            lambda link: self in (link[name] for name in ("student_id", "partner_id") if name in link)
        )
        stays = (mine or chain)[:1]
        spare = chain - stays
        values = joined_dates(chain)
        if "end_reason_id" in chain._fields:
            values["end_reason_id"] = (
                chain.filtered(lambda link: link.date_to == values["date_to"])[:1].end_reason_id.id
                if values["date_to"]
                else False
            )
        if "document" in chain._fields:
            values["document"] = "; ".join(dict.fromkeys(filter(None, chain.mapped("document")))) or False
        if "lang" in chain._fields:
            values["lang"] = next(filter(None, (stays | chain).mapped("lang")), False)
        moved = self._vshu_relink(chain._name, spare, stays)
        spare.unlink()
        # the days are checked once all is moved: this link may be the other entry's still
        self.env.flush_all()
        columns = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value or None) for name, value in values.items())
        self.env.cr.execute(SQL("UPDATE %s SET %s WHERE id = %s", SQL.identifier(stays._table), columns, stays.id))
        stays.invalidate_recordset()
        stays.modified(list(values))
        return [*moved, (stays, "date_from")]

    def _vshu_move_links(self, gone):
        """Move every reference of the register to ``gone`` here; return what was moved as [(records, field name)]."""
        moved = self._vshu_relink("res.partner", gone, self)
        guarded(gone.child_ids.sudo()).write({"parent_id": self.id})  # sudo: see _vshu_merge
        return moved

    @api.model
    def _vshu_relink(self, comodel, gone, stays):
        """Let whatever of the register refers to ``gone`` refer to ``stays``: a statement a field, however many rows.

        Return [(records, field name)]. Frozen records keep all else, so no ``write`` of theirs is asked.
        """
        moved = []
        for name, field in links_to(self.env, comodel):
            if field.related:
                continue  # follows
            # sudo: the right on the people was checked
            records = guarded(self.env[name].sudo().with_context(active_test=False)).search(
                [(field.name, "in", gone.ids)]
            )
            if not records:
                continue
            self.env.flush_all()
            # what is computed of the entry that is given up is computed anew once the rows have moved
            records.modified([field.name], before=True)
            table, own, column = column_of(self.env, name, field)
            words = {"table": table, "own": own, "column": column, "gone": tuple(gone.ids), "stays": stays.id}
            if field.type == "many2many":
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO %(table)s (%(own)s, %(column)s) SELECT DISTINCT %(own)s, %(stays)s FROM %(table)s"
                        " WHERE %(column)s IN %(gone)s ON CONFLICT DO NOTHING",
                        **words,
                    )
                )
                self.env.cr.execute(SQL("DELETE FROM %(table)s WHERE %(column)s IN %(gone)s", **words))
            else:
                self.env.cr.execute(
                    SQL("UPDATE %(table)s SET %(column)s = %(stays)s WHERE %(column)s IN %(gone)s", **words)
                )
            moved.append((records, field.name))
        self.env.invalidate_all(flush=False)
        for records, name in moved:
            records.modified([name])
        self.env.flush_all()
        return moved

    def _vshu_move_hanging(self, gone):
        """Move messages, files, activities and followers of ``gone`` here, and what it follows itself."""
        for name, model_field, id_field in HANGING:
            # sudo: see _vshu_merge; pictures of the contact are its own
            records = self.env[name].sudo().with_context(active_test=False)
            records.search([(model_field, "=", "res.partner"), (id_field, "=", gone.id)]).write({id_field: self.id})
        followers = self.env["mail.followers"].sudo()  # sudo: as above
        there = followers.search([("res_model", "=", "res.partner"), ("res_id", "=", self.id)]).partner_id
        more = followers.search([("res_model", "=", "res.partner"), ("res_id", "=", gone.id)])
        more.filtered(lambda follower: follower.partner_id not in there | gone).write({"res_id": self.id})
        mine = {(row.res_model, row.res_id) for row in followers.search([("partner_id", "=", self.id)])}
        theirs = followers.search([("partner_id", "=", gone.id)])
        theirs.filtered(lambda row: (row.res_model, row.res_id) not in mine).write({"partner_id": self.id})
