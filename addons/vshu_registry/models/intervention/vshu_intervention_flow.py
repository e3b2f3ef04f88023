from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded

#: what the chatter and activities write by themselves
THREAD_FIELDS = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}
OFFICE_ROLES = {"social_pedagogue", "deputy_head", "head"}
#: what the office may put right in an entry that is locked
CORRECTABLE = ("kind_id", "tone", "date", "text", "result")


class VshuInterventionFlow(models.AbstractModel):
    """What becomes of an entry: changed while it is fresh, corrected or struck through later, its next step done."""

    _name = "vshu.intervention.flow"
    _description = "Flow of an entry"

    # -- rights ----------------------------------------------------------------------------------------------------

    def _states(self):
        """Return {entry: who the user is for it}: ``author``, ``office``, and whether it is ``open`` to them."""
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        days = self.env["vshu.school"]._edit_days(self.company_id)
        result = {}
        for entry in self:
            author = entry.author_id == self.env.user
            logged = entry.company_id._vshu_day(entry.date_logged or fields.Datetime.now())
            age = (entry._vshu_today() - logged).days
            result[entry] = {
                "author": author,
                "office": self.env.su or bool(roles.get(entry.company_id.id, set()) & OFFICE_ROLES),
                "open": self.env.su or (author and age <= days.get(entry.company_id.id, 0)),
            }
        return result

    def _check_may_change(self, names):
        """Raise where the user may not write the fields ``names``: see ``create`` and ``write`` of the model."""
        names = set(names) - THREAD_FIELDS
        if not names or self.env.su:
            return
        states = self._states()
        for entry in self:
            if entry.annulled:
                raise UserError(self.env._("“%s” is struck through and stays as it is.", entry._title()))
            state = states[entry]
            if names <= {"next_done"} and entry.can_finish:
                continue
            if state["open"]:
                continue
            if state["office"]:
                raise UserError(
                    self.env._(
                        "“%s”: press “Correct” and say why. What stood before is kept.",
                        entry._title(),
                    )
                )
            if state["author"]:
                raise UserError(
                    self.env._(
                        "“%s” is locked: it was written too long ago to be changed. Ask the social pedagogue to "
                        "correct it, with the reason.",
                        entry._title(),
                    )
                )
            raise AccessError(
                self.env._("“%s”: an entry is changed by its author only. Write an entry of your own.", entry._title())
            )

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_save(self):
        """Close the quick dialog; the entry has been saved by it. Raises AccessError where it is not readable."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}

    def action_save_new(self):
        """Open the quick dialog once more for the same child or family. Returns an act_window; raises AccessError
        where the entry is not readable."""
        self.ensure_one()
        self.check_access("read")
        return self._quick(
            student=self.student_id, family=self.family_id, company=self.company_id, case=self.case_shown_id
        )

    def action_next_done(self):
        """Mark the next step done today: its author, who is named for it, or the office (AccessError).

        Raises UserError where there is no open next step.
        """
        self.check_access("read")
        for entry in self:
            if not entry.next_step or entry.next_done or entry.annulled:
                raise UserError(self.env._("“%s” has no open next step.", entry._title()))
            if not entry.can_finish:
                raise AccessError(
                    self.env._("“%s”: the next step is marked done by whoever is named for it.", entry._title())
                )
        # sudo: the right was checked for each of these entries
        for today, entries in self.sudo().grouped(lambda entry: entry._vshu_today()).items():
            entries.write({"next_done": today})
        return True

    def action_annul(self):
        """Ask for the reason and strike the entry through. Returns the dialog; AccessError for whoever may not."""
        self._check_may_annul()
        return self._dialog("annul", self.env._("Strike the entry through"))

    def action_correct(self):
        """Open the correction of an entry that is locked. Returns the dialog; AccessError but for the office."""
        self._check_may_correct()
        return self._dialog("correct", self.env._("Correct the entry"))

    def action_open_case(self):
        """Open the case that the entry belongs to; the rights on the case apply. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        if not self.case_shown_id:
            raise UserError(self.env._("“%s” belongs to no case that you may open.", self._title()))
        return self.case_shown_id.action_open()

    # -- helpers ---------------------------------------------------------------------------------------------------

    @api.model
    def _quick(self, student=None, family=None, company=None, case=None):
        """Return the dialog in which an entry is written in seconds; whom it is about is filled in."""
        self.env["vshu.intervention"].check_access("create")
        context = {"dialog_size": "medium"}
        if student:
            context["default_student_id"] = student.id
        if family:
            context["default_family_id"] = family.id
        if company:
            context["default_company_id"] = company.id
        if case:
            context["vshu_case_id"] = case.id
        # sudo: the id of a view
        view = self.env.ref("vshu_registry.view_vshu_intervention_quick").sudo()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New entry"),
            "res_model": "vshu.intervention",
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }

    @api.model
    def _timeline(self, domain, context, name):
        """Return the list of entries of ``domain``, newest first, as cards; what the user may not read is not there."""
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_intervention")
        return {**action, "name": name, "display_name": name, "domain": domain, "context": context}

    def _dialog(self, action, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "vshu.intervention.change",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_intervention_id": self.id,
                "default_action": action,
                **(
                    {f"default_{field}": self._default_of(field) for field in CORRECTABLE}
                    if action == "correct"
                    else {}
                ),
            },
        }

    def _default_of(self, name):
        """Return the value of a field as a default in a context, which travels as JSON."""
        return self._fields[name].convert_to_write(self[name], self) if name != "date" else str(self.date)

    def _check_may_annul(self):
        self.ensure_one()
        self.check_access("read")
        if self.annulled:
            raise UserError(self.env._("“%s” is struck through already.", self._title()))
        if not self.can_annul:
            raise AccessError(
                self.env._(
                    "“%s” is struck through by its author while it is fresh, later by the social pedagogue, the deputy "
                    "head or the head.",
                    self._title(),
                )
            )

    def _check_may_correct(self):
        self.ensure_one()
        self.check_access("read")
        if self.annulled:
            raise UserError(self.env._("“%s” is struck through and stays as it is.", self._title()))
        if not self.can_correct:
            raise AccessError(
                self.env._(
                    "“%s”: entries of others are corrected by the social pedagogue, the deputy head or the head; your "
                    "own fresh entry you simply change.",
                    self._title(),
                )
            )

    def _reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("“%s”: write the reason; it stays with the entry.", self._title()))
        return reason.strip()

    def _annul(self, reason):
        """Strike the entry through with a reason; it stays readable and counts no more."""
        self._check_may_annul()
        guarded(self.sudo()).write(self._annulment(self._reason(reason)))  # sudo: the right was checked above

    def _annulment(self, reason):
        return {
            "annulled": True,
            "annulment_reason": reason,
            "annulled_by_id": self.env.uid,
            "date_annulled": self._vshu_today(),
        }

    def _correct(self, values, reason):
        """Put right what a locked entry says; what stood before stays, struck through, with the reason."""
        self._check_may_correct()
        reason = self._reason(reason)
        old = {name: self._fields[name].convert_to_write(self[name], self) for name in CORRECTABLE}
        changed = {name: value for name, value in values.items() if name in CORRECTABLE and value != old[name]}
        if not changed:
            raise UserError(self.env._("“%s”: nothing was changed.", self._title()))
        entry = guarded(self.sudo())  # sudo: the right was checked above
        stood = {
            **entry.copy_data()[0],
            **self._annulment(reason),
            "author_id": entry.author_id.id,
            "date_logged": entry.date_logged,
            "case_id": entry.case_id.id,
            "replaced_by_id": entry.id,
        }
        entry.create([stood])
        entry.write(changed)

    # -- reminders -------------------------------------------------------------------------------------------------

    def _remind(self):
        """Keep one activity a next step that is to be done with whoever is named for it, else with the author."""
        entries = self.sudo()  # sudo: reminders are kept by the system, whoever has changed the entry
        vals_list, to_create, gone, done = [], [], self.env["mail.activity"].sudo(), self.env["mail.activity"].sudo()
        for entry in entries:
            activity = entry.next_activity_id.filtered("active")
            user = (entry.next_user_id or entry.author_id).filtered("active")
            if entry.next_step and entry.next_date and not entry.next_done and not entry.annulled and user:
                if not activity:
                    vals_list.append(entry._reminder_vals(user))
                    to_create.append(entry)
                elif (activity.user_id, activity.date_deadline) != (user, entry.next_date):
                    activity.write({"user_id": user.id, "date_deadline": entry.next_date})
            elif activity and entry.next_done:
                done |= activity
            else:
                gone |= activity
        gone.unlink()
        if done:
            done._action_done()
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)
        for entry, activity in zip(to_create, activities, strict=True):
            guarded(entry).write({"next_activity_id": activity.id})

    def _reminder_vals(self, user):
        """Return the values of the reminder: that something is to be done, never what or with whom."""
        self.ensure_one()
        translated = self.with_context(lang=user.lang or self.env.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "vshu_registry.activity_type_next_step", raise_if_not_found=True
            ),
            "user_id": user.id,
            "date_deadline": self.next_date,
            "summary": translated.env._("Next step of the preventive work"),
        }


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A reminder that is ticked off in the list of activities marks the next step done as well."""
        entries = (
            self.env["vshu.intervention"]
            .sudo()
            .browse(  # sudo: one's own activity; only the day is written
                self.filtered(lambda a: a.res_model == "vshu.intervention").mapped("res_id")
            )
        )
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        waiting = entries.exists().filtered(
            lambda e: e.next_activity_id in self and e.next_step and not e.next_done and not e.annulled
        )
        if waiting:
            for today, entries in waiting.grouped(lambda entry: entry._vshu_today()).items():
                entries.write({"next_done": today})
        return res
