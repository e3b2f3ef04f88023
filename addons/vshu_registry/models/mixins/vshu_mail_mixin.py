from odoo import models


class VshuMailMixin(models.AbstractModel):
    """A thread whose e-mails say that something awaits, never what: no names, no words, no files leave the house."""

    _name = "vshu.mail.mixin"
    _inherit = "mail.thread"
    _description = "Thread with neutral e-mails"
    # class teacher and psychologist read the case and write notes to it, without changing the case itself
    _mail_post_access = "read"

    def _notify_by_email_get_final_mail_values(self, recipient_ids, mail_values, additional_values=None):
        values = super()._notify_by_email_get_final_mail_values(
            recipient_ids, mail_values, additional_values=additional_values
        )
        # a mail on its own: tied to the message it would carry the message's files
        # sudo: only sender and reply address of the message that is being sent are read
        message = self.env["mail.message"].sudo().browse(values.pop("mail_message_id", False))
        values.update(
            subject=self.env._("Prevention register: %s awaits you", self.display_name),
            body_html=self.env["ir.qweb"]._render(
                "vshu_registry.mail_neutral", {"record": self, "url": self._vshu_url()}, minimal_qcontext=True
            ),
            attachment_ids=[],
            author_id=message.author_id.id,
            email_from=message.email_from,
            is_notification=True,
        )
        return values

    def message_post(self, **kwargs):
        """Post a message; raises AccessError for whoever may not read the record, though they follow it still."""
        self.check_access("read")
        return super().message_post(**kwargs)

    def _create_attachments_for_post(self, values_list, extra_list):
        """Pictures in a note are shown to whoever reads the note: no token is made that opens them to others."""
        closed = [{key: value for key, value in values.items() if key != "access_token"} for values in values_list]
        return super()._create_attachments_for_post(closed, extra_list)

    def _vshu_readers(self, users):
        """Return those of ``users`` who may read the record today:
        rights end with their dates, subscriptions do not."""
        self.ensure_one()
        company = self.sudo().company_id  # sudo: which school it is
        return users.filtered(
            lambda user: (
                user._is_internal()
                and company in user.company_ids
                and self.with_user(user).with_context(allowed_company_ids=company.ids).has_access("read")
            )
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self or not recipients:
            return recipients
        # sudo: users are looked up to be left out, nothing of them is shown
        users = self.env["res.users"].sudo().browse([data["uid"] for data in recipients if data.get("uid")])
        readers = set(self._vshu_readers(users).ids)
        return [data for data in recipients if data.get("uid") in readers]

    def _message_create(self, values_list):
        """Keep those who may not read the record out of the recipients: a recipient may read the message for ever."""
        for values in values_list:
            record = self.browse(values.get("res_id") or self.ids[:1])
            if record and values.get("partner_ids"):
                # sudo: see _notify_get_recipients
                partners = self.env["res.partner"].sudo().browse(values["partner_ids"])
                values["partner_ids"] = record._vshu_readers(partners.user_ids).partner_id.ids
        return super()._message_create(values_list)

    def _notify_thread_by_web_push(self, message, recipients_data, msg_vals=False, **kwargs):
        """Nothing is pushed to devices: a push shows the text of the message on a locked screen."""

    def _vshu_url(self):
        """Return the address of the record in this installation; opening it takes a log-in and the right to read it."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/{self._name}/{self.id}"
