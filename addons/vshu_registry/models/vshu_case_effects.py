from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .guard import guarded


class VshuCaseEffects(models.AbstractModel):
    """What decisions do to a case. ``_effect_<effect>`` is called by ``vshu.decision.action_apply`` after all checks,
    on a superuser, guarded record set; another addon adds an effect by adding the method."""

    _name = "vshu.case.effects"
    _description = "Effects of decisions"

    def _stay_changed(self, event, decision=None):
        """Called when a decision, or the regulation by itself, has changed the stays: what follows is added here.

        :param event: placement, extension, removal, decline, watch or keep; a conversion is the removal of one stay
            (its reason says so) and the placement of the other
        :param decision: the decision carried out, None where the stay ended by itself
        """

    def _term_start(self, decision):
        """Return the day on which the stay (or its extension) that ``decision`` brings begins."""
        if decision.kind_id.effect == "extend":
            return self.date_end
        if decision.body == "outside":
            return decision.date_journal or self.env["vshu.school"]._latest_today(self.company_id)
        return decision.date

    def _decision_route(self, decision):
        """Return the route by which ``decision`` places the case."""
        return self.route_ids.filtered(
            lambda route: (
                route.body == decision.body
                and (not route.decision_kind_ids or decision.kind_id in route.decision_kind_ids)
            )
        )[:1]

    def _effect_place(self, decision):
        """Enter the case in the journal: number, curator, term, papers, clocks, its row frozen (RU-5.1,
        RU-5.2, KZ-16)."""
        self.ensure_one()
        route = self._decision_route(decision)
        today = self.env["vshu.school"]._latest_today(self.company_id)
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
        start = self.date_end
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

    def _effect_convert(self, decision):
        """End this stay and open one of the other kind by the same decision: the child counts once."""
        self.ensure_one()
        reason = self.regulation_id.removal_reason_ids.filtered(lambda r: r.is_conversion and r.kind == self.kind)[:1]
        signal_free = {
            "company_id": self.company_id.id,
            "regulation_id": self.regulation_id.id,
            "kind": decision.kind_id.target_kind,
            "subject": self.subject,
            "student_id": self.student_id.id,
            "family_id": self.family_id.id,
            "ground_id": decision.ground_id.id,
            "basis_id": self._conversion_basis(decision).id,
            "reason": self.reason,
            "measures_before": self.measures_before,
            "submitter_id": self.submitter_id.id,
            "curator_id": (decision.curator_id or self.curator_id).id,
            "converted_from_id": self.id,
            "date_received": decision.date,
            "state": "submitted",
        }
        new = self.create(signal_free)
        self._close(reason, decision.date, decision)
        entry_vals = new._enter_in_journal(decision, self.env["vshu.route"], decision.date, decision.date)
        rule = new._term_rule()
        end = False if rule.open_ended else fields.Date.add(decision.date, months=rule.min_months)
        new.write(
            {
                "state": "active",
                "placement_decision_id": decision.id,
                "route_id": new.route_ids.filtered(lambda r: r.body == decision.body)[:1].id,
                "date_decided": decision.date,
                "date_placed": decision.date,
                "date_entered": decision.date,
                "date_end": end,
                "term_status": "running",
                "review_date": fields.Date.add(decision.date, months=rule.review_months)
                if rule.review_months
                else False,
                **entry_vals,
            }
        )
        new._add_term("placement", decision.date, end, decision)
        new._freeze_entry(decision)
        new._add_papers("dossier")
        new._stay_changed("placement", decision)
        return new

    def _conversion_basis(self, decision):
        """Return the basis of the stay that a conversion opens: one that a route of the deciding body knows."""
        routes = self.regulation_id.route_ids.filtered(
            lambda route: (
                route.kind == decision.kind_id.target_kind
                and route.body == decision.body
                and decision.ground_id.category_id in route.category_ids
            )
        )
        if not routes:
            raise UserError(
                self.env._(
                    "“%(regulation)s” has no route by which “%(ground)s” could be decided so (%(clause)s).",
                    regulation=self.regulation_id.name,
                    ground=decision.ground_id.display_name,
                    clause=decision.kind_id.clause or "-",
                )
            )
        bases = routes.basis_ids
        return (bases & self.basis_id) or bases[:1]

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
        """Return the frozen values of the journal row, in the first language of the school's papers."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = next((code for code in self.regulation_id._languages() if code in installed), self.env.lang)
        case = self.with_context(lang=lang)
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
