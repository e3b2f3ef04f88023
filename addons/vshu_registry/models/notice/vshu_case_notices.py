from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...tools.guard import guarded
from ..regulation.vshu_notice_rule import INSIDERS

#: events that a decision with this effect brings about
EFFECTS = {"extension": "extend", "keep": "keep"}
#: making notices is the decision's work: it leaves no trace in threads
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}


class VshuCase(models.Model):
    """The case's side of the notices: who must be told of what a decision did, and when the parents were."""

    _inherit = "vshu.case"

    def _check_parents_day(self, vals):
        """Raise UserError where a user writes when the parents were told: their notices say so, wherever there are any
        (RU-5.3)."""
        told = self._parents_notices().case_id if "date_parents_informed" in vals else self.browse()
        if told:
            raise UserError(
                self.env._(
                    "%s: the day on which the parents were told follows from their notices. Open “Notices” and "
                    "note there how they were handed over.",
                    ", ".join(told.mapped("display_name")),
                )
            )

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_open_notices(self):
        """Open the notices of the case. Returns an act_window; AccessError without the case."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_notice_hand")
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={"default_case_id": self.id},
            views=[(False, "list"), (False, "kanban"), (False, "form")],
        )

    def action_parents_informed(self):
        """Note that all parents were handed their notice today and signed for it (RU-5.3).

        The notices that still wait are handed over and acknowledged today; a case without any keeps the date itself.
        Raises AccessError as write does, UserError where nobody of the family may receive papers.
        """
        self.check_access("write")
        notices = self._parents_notices()
        for today, plain in (self - notices.case_id).grouped(lambda case: case._vshu_today()).items():
            plain.write({"date_parents_informed": today})
        today = self._vshu_today()
        # with the user's own rights: the notices ask for them once more
        waiting = notices.with_env(self.env).filtered(lambda notice: notice.state in ("to_send", "sent"))
        waiting.filtered(lambda notice: notice.state == "to_send")._send("in_person", today)
        waiting._acknowledge(today)
        return True

    # -- what decisions bring about --------------------------------------------------------------------------------

    def _tell_of_change(self, event, decision):
        """Make the notices of what has changed the stays, and drop those of a stay that moved to the other kind.

        :param event: as ``_stay_changed``
        """
        cases = self
        if event == "removal":
            moved = self._converted()
            moved._drop_notices(self.env._("The case moved to the other kind: the notices of the new stay say so."))
            cases -= moved
            transferred = cases.filtered(lambda case: case.removal_reason_id.is_transfer)
            transferred._make_notices("transfer", decision)
            cases -= transferred
        cases._make_notices(event, decision)

    def _invite(self):
        """Invite to the council those whom the regulation names, once its day is set (KZ-9); again if it is moved."""
        cases = self.sudo().filtered(  # sudo: who may set the day was checked by write
            lambda case: case.hearing_date and case.state in ("submitted", "removal_proposed")
        )
        known = self.env["vshu.notice"].sudo().search([("case_id", "in", cases.ids), ("event", "=", "hearing")])
        # what was not handed over yet is printed with the new day
        cases -= known.filtered(lambda notice: notice.state == "to_send").case_id
        cases._make_notices("hearing")

    def _drop_notices(self, reason):
        """Take notices that nobody has got or read yet off the list, with the reason; the clocks follow the case."""
        notices = self.env["vshu.notice"].search([("case_id", "in", self.ids)])
        waiting = notices.filtered(lambda n: n.state == "to_send" or (n.state == "sent" and n.addressee in INSIDERS))
        waiting._change({"state": "not_needed", "not_needed_reason": reason})
        (notices - waiting)._deadline_sync()

    def _make_notices(self, event, decision=None):
        """Make the notices of ``event`` and tell those who are told inside the program (RU-5.3)."""
        cases = self.sudo()  # sudo: notices are made by the system, whoever records the decision
        vals_list = cases._notice_vals(event, decision)
        if not vals_list:
            return self.env["vshu.notice"]
        notices = guarded(self.env["vshu.notice"].sudo().with_context(**QUIET)).create(vals_list)
        notices._tell_insiders()
        return notices

    def _notice_vals(self, event, decision=None, addressees=None):
        """Return the create values of the notices of ``event``: for each rule, one for each who must be told."""
        Rule = self.env["vshu.notice.rule"]
        found = {}
        for case in self:
            ids = Rule._wanted_ids(case.regulation_id.id, event, case.kind, case.subject)
            rules = Rule.browse(ids).filtered(
                lambda rule: (
                    (not rule.only_body or (decision and rule.only_body == decision.body))
                    and (not addressees or rule.addressee in addressees)
                )
            )
            if rules:
                found[case] = rules
        cases = self.browse([case.id for case in found])
        wanted = {rule.addressee for rules in found.values() for rule in rules}
        targets = {addressee: getattr(cases, f"_told_{addressee}")() for addressee in wanted}
        vals_list = []
        for case, rules in found.items():
            came_by = (
                case._incoming().form_id if "sender" in rules.mapped("addressee") else self.env["vshu.decision.form"]
            )
            base = case._notice_base(event, decision)
            for rule in rules:
                if rule.own_form_ids & came_by:
                    continue
                vals_list += [
                    {**base, **rule._copied(), **target} for target in targets[rule.addressee].get(case.id, [])
                ]
        return vals_list

    def _notice_base(self, event, decision):
        """Return what all notices of the case on ``event`` have in common."""
        self.ensure_one()
        days = {"placement": self.date_placed, "removal": self.date_removed, "transfer": self.date_removed}
        today = self._vshu_today()
        day = days.get(event) or (decision.date if decision else today)
        return {
            "case_id": self.id,
            "student_id": self.student_id.id,
            "family_id": self.family_id.id,
            "decision_id": decision.id if decision else False,
            "date_event": day,
            "date_clock": (self.date_entered if event == "placement" else False) or day,
        }

    def _notice_vals_by_hand(self, rule):
        """Return the values of one more notice by ``rule``, on what was decided last of what the rule is about."""
        self.ensure_one()
        event = rule.event
        if event in EFFECTS:
            done = self.decision_ids.filtered(lambda d: d.state == "done" and d.effect == EFFECTS[event])
            decision = done.sorted("date")[-1:]
        elif event in ("removal", "transfer"):
            decision = self.removal_decision_id
        else:
            decision = self.placement_decision_id
        happened = {
            "hearing": self.hearing_date,
            "placement": self.date_placed,
            "decline": self.state == "declined",
            "watch": self.watch_until,
            "removal": self.date_removed and not self.removal_reason_id.is_transfer,
            "transfer": self.date_removed and self.removal_reason_id.is_transfer,
        }
        if not happened.get(event, decision):
            raise UserError(
                self.env._(
                    "%(case)s: nothing was decided yet that “%(rule)s” tells of.",
                    case=self.display_name,
                    rule=rule.name,
                )
            )
        vals = {**self._notice_base(event, False if event == "hearing" else decision), **rule._copied()}
        return {**vals, "lang": self._notice_lang()} if rule.paper else vals

    # -- who is told: {case id: [values]} --------------------------------------------------------------------------

    def _notice_lang(self):
        """Return the school's first language of papers."""
        return next(iter(self.env["vshu.school"]._for_company(self.company_id)._paper_langs()), False)

    def _told_parents(self):
        """Each guardian in force who may receive papers, in their language; of a family its adults. Where there is
        nobody, one notice without a person, which says so."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        result = {}
        (self.student_id | self.family_id.member_ids).vshu_guardian_ids.fetch(["partner_id", "lang"])
        for case in self:
            today = case._vshu_today()
            lang = case._notice_lang()
            links = (case.student_id or case.family_id.member_ids).vshu_guardian_ids
            if case.student_id:
                people = [
                    (link.id, link.partner_id.id, link.lang if link.lang in installed else lang)
                    for link in links.filtered(lambda link, day=today: link._receives(day))
                ]
            else:
                spoken = {link.partner_id: link.lang for link in links if link.lang in installed}
                people = [(False, adult.id, spoken.get(adult) or lang) for adult in case.family_id._receivers(today)]
            result[case.id] = [
                {"guardian_id": link, "partner_id": adult, "lang": code}
                for link, adult, code in people or [(False, False, lang)]
            ]
        return result

    def _told_inside(self, role_code):
        """The user who holds a role for the case: Odoo tells them, they acknowledge by themselves."""
        users = self._role_users_today(role_code)
        return {
            case.id: [
                {
                    "user_id": user.id,
                    "state": "sent",
                    "channel": "internal",
                    "date_sent": case._vshu_today(),
                    "sent_by_id": self.env.uid,
                }
                if user
                else {}
            ]
            for case in self
            for user in [users.get(case.id)]
        }

    def _told_head(self):
        return self._told_inside("head")

    def _told_class_teacher(self):
        taught = self.browse()
        for today, cases in self.grouped(lambda case: case._vshu_today()).items():
            classes = cases.student_id._vshu_class_on(today)
            taught |= cases.filtered(lambda case, classes=classes: classes.get(case.student_id.id))
        return taught._told_inside("class_teacher")

    def _incoming(self):
        """Return the papers of outside bodies by which the stay came about, the moved one's too."""
        self.ensure_one()
        return (self.signal_ids | self.converted_from_id.signal_ids).filtered(lambda s: s.issuer_id and s.paper_number)

    def _told_sender(self):
        result = {}
        for case in self:
            lang = case._notice_lang()
            for issuer, papers in case._incoming().grouped("issuer_id").items():
                latest = papers.sorted("paper_date")[-1]
                day = format_date(latest.with_context(lang=lang).env, latest.paper_date) if latest.paper_date else ""
                result.setdefault(case.id, []).append(
                    {"partner_id": issuer.id, "lang": lang, "reply_to": f"№ {latest.paper_number}, {day}".strip(", ")}
                )
        return result

    def _told_body(self, addressee):
        """A body outside: the one that the school wrote to last time, else one on whose register a child of it is."""
        last = {}
        for company, partner, _last in self.env["vshu.notice"]._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("addressee", "=", addressee),
                ("partner_id", "!=", False),
            ],
            ["company_id", "partner_id"],
            ["id:max"],
            order="id:max",
        ):
            last[company.id] = partner.id
        unknown = self.company_id.filtered(lambda company: company.id not in last)
        if unknown and addressee != "other":
            records = self.env["vshu.external.record"].search(
                [
                    ("company_id", "in", unknown.ids),
                    ("body", "=", addressee),
                    ("body_partner_id", "!=", False),
                ],
                order="id",
            )
            last.update({record.company_id.id: record.body_partner_id.id for record in records})
        return {
            case.id: [{"partner_id": last.get(case.company_id.id, False), "lang": case._notice_lang()}] for case in self
        }

    def _told_commission(self):
        return self._told_body("commission")

    def _told_police(self):
        return self._told_body("police")

    def _told_other(self):
        return {case.id: [{"lang": case._notice_lang()}] for case in self}

    # -- the parents -----------------------------------------------------------------------------------------------

    def _parents_notices(self):
        """Return the notices by which the parents hear of the placement, in sudo."""
        # sudo: whether and when the parents were told follows for whoever may read the case
        return (
            self.env["vshu.notice"]
            .sudo()
            .search(
                [
                    ("case_id", "in", self.ids),
                    ("event", "=", "placement"),
                    ("addressee", "=", "parents"),
                    ("need", "=", "required"),
                    ("state", "!=", "not_needed"),
                ]
            )
        )

    def _parents_told(self):
        """Note the day by which all parents were told of the placement, and lay what says so into the file (RU-5.4)."""
        notices = self._parents_notices()
        complete = notices.grouped("case_id")
        complete = {case: own for case, own in complete.items() if all(own.mapped("date_told"))}
        by_date = {}
        for case, own in complete.items():
            if not case.date_parents_informed:
                by_date.setdefault(max(own.mapped("date_told")), self.browse())
                by_date[max(own.mapped("date_told"))] |= case
        for date, cases in by_date.items():
            guarded(cases.sudo()).write({"date_parents_informed": date})  # sudo: a date kept by the system
        papers = (
            self.env["vshu.document"]
            .sudo()  # sudo: papers that come about by themselves
            .search(
                [
                    ("case_id", "in", [case.id for case in complete]),
                    ("type_id.fed_by", "=", "notices"),
                    ("not_needed", "=", False),
                ]
            )
        )
        for paper in papers:
            own = complete[paper.case_id]
            scans = own.attachment_ids - paper.attachment_ids
            if paper.state != "ready" or scans:
                paper.write(
                    {
                        "date": paper.date or max(own.mapped("date_told")),
                        "on_paper": True,
                        "attachment_ids": [fields.Command.link(scan.id) for scan in scans],
                    }
                )


class VshuNoticeRule(models.Model):
    _inherit = "vshu.notice.rule"

    def _copied(self):
        """Return what a notice keeps of its rule."""
        self.ensure_one()
        return {
            "rule_id": self.id,
            "event": self.event,
            "addressee": self.addressee,
            "need": self.need,
            "answer_needed": self.answer_needed,
            "clause": self.clause,
            "role_id": self.role_id.id,
        }


class VshuNotice(models.Model):
    _inherit = "vshu.notice"

    def _tell_insiders(self):
        """Tell those who hear of it inside the program; where a clock runs, its activity tells them already."""
        waiting = self.filtered(lambda notice: notice.user_id and notice.addressee in INSIDERS)
        running = self.env["vshu.deadline"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", waiting.ids),
                ("state", "in", ("open", "overdue")),
            ]
        )
        waiting = waiting.filtered(lambda notice: notice.id not in set(running.mapped("res_id")))
        model_id = self.env["ir.model"]._get_id(self._name)
        type_id = self.env.ref("vshu_registry.activity_type_deadline").id
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(  # sudo: as the clocks
            [
                {
                    "res_model_id": model_id,
                    "res_id": notice.id,
                    "activity_type_id": type_id,
                    "user_id": notice.user_id.id,
                    "date_deadline": notice._vshu_today(),
                    "summary": notice.with_context(lang=notice.user_id.lang).env._("Something was decided: read it"),
                }
                for notice in waiting
            ]
        )
