from odoo import fields, models
from odoo.tools.misc import format_date

from ...tools.guard import guarded
from ...tools.states import STAY_STATES


class VshuCaseEffects(models.AbstractModel):
    """What decisions do to a case. ``_effect_<effect>`` is called by ``vshu.decision.action_apply`` after all checks,
    on a superuser, guarded record set; another addon adds an effect by adding the method."""

    _name = "vshu.case.effects"
    _description = "Effects of decisions"

    def _stay_changed(self, event, decision=None):
        """Called when a decision, or the regulation by itself, has changed the stays: notices; other addons add more.

        :param event: placement, extension, removal, decline, watch or keep; a conversion is the removal of one stay
            (its reason says so) and the placement of the other
        :param decision: the decision carried out, None where the stay ended by itself
        """
        self._tell_of_change(event, decision)

    def _term_start(self, decision):
        """Return the day on which the stay (or its extension) that ``decision`` brings begins."""
        if decision.kind_id.effect == "extend":
            # it goes on where the term ended; decided so late that it would be over, it runs from the decision (KZ-16)
            shortest = self.date_end and fields.Date.add(self.date_end, months=self._term_rule().extension_min_months)
            return decision.date if shortest and decision.date and shortest <= decision.date else self.date_end
        if decision.body == "outside":
            return decision.date_journal or self.company_id._vshu_today()
        return decision.date

    def _decision_route(self, decision):
        """Return the route by which ``decision`` places the case."""
        return self._deciding_routes(decision)[:1]

    def _effect_place(self, decision):
        """Enter the case in the journal: number, curator, term, papers, clocks, its row frozen (RU-5.1,
        RU-5.2, KZ-16)."""
        self.ensure_one()
        route = self._decision_route(decision)
        today = self.company_id._vshu_today()
        journal = decision.date_journal or today
        placed = journal if route.placement_date == "journal" else decision.date
        rule = self._term_rule()
        earlier = self._earlier_stay()
        entry_vals = self._enter_in_journal(decision, route, placed, journal)
        vals = {
            "state": "active",
            "route_id": route.id,
            "placement_decision_id": decision.id,
            "date_decided": decision.date,
            "date_considered": self.date_considered or decision.date,
            "date_placed": placed,
            "date_entered": journal,
            "date_end": decision.date_end if decision.months or not rule.open_ended else False,
            "term_status": "running",
            "previous_case_id": self.previous_case_id.id or earlier.id,
            "watch_until": False,
            **entry_vals,
        }
        if not self.date_received:
            vals["date_received"] = min(
                [signal.date_registered or signal.date_received for signal in self.signal_ids] or [journal]
            )
        if decision.curator_id:
            vals.update(
                curator_id=decision.curator_id.id,
                curator_act_number=decision.curator_act_number,
                curator_act_date=decision.curator_act_date,
            )
        if rule.open_ended and rule.review_months:
            vals["review_date"] = decision.review_date or fields.Date.add(placed, months=rule.review_months)
        self.write(vals)
        self._add_term("placement", placed, vals["date_end"], decision)
        self._freeze_entry(decision)
        self._add_papers("placement")
        self._add_papers("dossier")
        self._signals_decided(entered=journal)
        self._stay_changed("placement", decision)

    def _effect_decline(self, decision):
        """Note that the register is not expedient (RU-5.2)."""
        self.write(
            {
                "state": "declined",
                "route_id": self._decision_route(decision).id,
                "placement_decision_id": decision.id,
                "date_decided": decision.date,
                "date_considered": self.date_considered or decision.date,
                "date_closed": decision.date,
            }
        )
        self._signals_decided()
        self._stay_changed("decline", decision)

    def _effect_watch(self, decision):
        """Note that the register is not expedient and the class teacher or a curator watches until a day (RU-5.2)."""
        vals = {
            "state": "watched",
            "route_id": self._decision_route(decision).id,
            "placement_decision_id": decision.id,
            "date_decided": decision.date,
            "date_considered": self.date_considered or decision.date,
            "watch_until": decision.watch_until,
            "review_date": decision.review_date,
        }
        if decision.curator_id:
            vals["curator_id"] = decision.curator_id.id
        self.write(vals)
        self._signals_decided()
        self._stay_changed("watch", decision)

    def _effect_extend(self, decision):
        """Add a period to the stay (KZ-16)."""
        start = self._term_start(decision)
        self.write({"date_end": decision.date_end, "term_status": "running", "state": "active"})
        self._add_term("extension", start, decision.date_end, decision)
        self.proposed_reason_id = False
        self._stay_changed("extension", decision)

    def _effect_remove(self, decision):
        """End the stay by decision for its reason (KZ-19, RU-7, RU-8)."""
        self._close(decision.removal_reason_id, decision.date, decision)

    def _effect_keep(self, decision):
        """Refuse the removal: the stay goes on (KZ-19)."""
        self.write({"state": "active", "proposed_reason_id": False})
        self._stay_changed("keep", decision)

    def _add_term(self, kind, start, end, decision):
        self.env["vshu.case.term"].create(
            {
                "case_id": self.id,
                "kind": kind,
                "date_from": start,
                "date_to": end,
                "months": decision.months,
                "decision_id": decision.id,
            }
        )

    def _close(self, reason, date, decision=None):
        """End stays for ``reason`` on ``date``, by ``decision`` or by themselves."""
        self.write(
            {
                "state": "closed",
                "removal_reason_id": reason.id,
                "removal_decision_id": decision.id if decision else False,
                "date_removed": date,
                "date_closed": date,
                "term_status": False,
                "transfer_state": "to_send" if reason.is_transfer else False,
            }
        )
        self.activity_ids.filtered(lambda activity: not activity.vshu_deadline_id).unlink()
        self._stay_changed("removal", decision)

    def _take_in(self, signal):
        """Take a paper of an outside body in: a stay that runs gets it into its row of the journal today and its ground
        beside its own; a case without a stay goes the way of the paper, which places it by the entry (RU-5.1).

        Called in sudo; the caller has checked the right and the paper.
        """
        self.ensure_one()
        case = guarded(self)
        if self.state in STAY_STATES:
            today = self._vshu_today()
            guarded(signal).write({"date_entered": today, "date_decided": today})
            guarded(self.entry_id)._add_paper(signal, today)
            if signal.ground_id != self.ground_id:
                case.write({"extra_ground_ids": [fields.Command.link(signal.ground_id.id)]})
            return
        case.write(
            {
                "state": "draft" if self.state == "draft" else "submitted",
                "basis_id": signal.basis_id.id,
                "ground_id": signal.ground_id.id,
                "extra_ground_ids": [
                    fields.Command.set(((self.extra_ground_ids | self.ground_id) - signal.ground_id).ids)
                ],
                "watch_until": False,
            }
        )

    def _signals_decided(self, entered=False):
        signals = self.signal_ids.filtered(lambda signal: signal.state in ("in_work", "joined"))
        vals = {"state": "resolved", "date_decided": self.date_decided}
        if entered:
            vals["date_entered"] = entered
        guarded(signals).write(vals)

    def _enter_in_journal(self, decision, route, placed, journal):
        """Take the next number of the school year; returns the values for the case.
        Parallel entries wait, none fails."""
        year = self.env["vshu.school.year"]._for_date(self.company_id, journal)
        number = self.env["vshu.journal.entry"]._next_number(self.company_id, year)
        return {"year_id": year.id, "number": number}

    def _freeze_entry(self, decision):
        """Write the row of the journal with everything as it is on that day (principle 5 of the design, RU-5.1)."""
        self.ensure_one()
        self.env["vshu.journal.entry"].create(self._entry_vals(decision))

    def _entry_vals(self, decision):
        """Return the frozen values of the journal row, in the language of the school's papers."""
        langs = self.env["vshu.school"]._for_company(self.company_id)._paper_langs()
        case = self.with_context(lang=langs[0] if langs else self.env.lang)
        student = case.student_id
        guardians = student.vshu_guardian_ids._on(case.date_placed)
        family = case.family_id
        cls = student._vshu_class_on(case.date_placed).get(student.id) if student else False
        adults = guardians.partner_id if student else family.adult_ids
        lines = (
            [
                ", ".join(
                    filter(
                        None,
                        [
                            guardian.partner_id.name,
                            dict(guardian._fields["kind"]._description_selection(case.env)).get(guardian.kind),
                            guardian.partner_id.phone,
                        ],
                    )
                )
                for guardian in guardians
            ]
            if student
            else [", ".join(filter(None, [adult.name, adult.phone])) for adult in adults]
        )
        notice = case.signal_ids.filtered("paper_number")[:1]
        return {
            "case_id": case.id,
            "company_id": case.company_id.id,
            "year_id": case.year_id.id,
            "number": case.number,
            "kind": case.kind,
            "subject": case.subject,
            "date_entered": case.date_entered,
            "date_placed": case.date_placed,
            "subject_name": student.name if student else family.name,
            "birth_date": student.vshu_birth_date if student else False,
            "sex": student.vshu_sex if student else False,
            "class_name": cls.name if cls else False,
            "grade": cls.grade if cls else 0,
            "address": " ".join(((student.contact_address_inline if student else family.address) or "").split())
            or False,
            "guardians": "\n".join(lines),
            "ground": "\n".join((case.ground_id | case.extra_ground_ids).mapped("name")),
            "ground_id": case.ground_id.id,
            "basis": case.basis_id.name,
            "paper": decision.with_context(lang=case.env.lang).display_name,
            "outside_paper": ", ".join(
                filter(
                    None,
                    [
                        notice.issuer_id.name,
                        notice.paper_number,
                        format_date(case.env, notice.paper_date) if notice.paper_date else "",
                    ],
                )
            )
            if notice
            else False,
            "curator": case.curator_id.name,
        }
