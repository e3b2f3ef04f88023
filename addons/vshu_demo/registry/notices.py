"""How the notices of the demo schools reached whom they were for: told with the day on which it was done."""

from datetime import timedelta

from odoo.addons.vshu_registry.tools.guard import guarded

#: every so-many-th notice to parents is refused before witnesses, goes by post, by messenger
REFUSED, POSTED, MESSENGER = 11, 7, 5
#: younger ones wait still, in working days
FRESH = 3
#: why a body outside was not told
SPARED = (
    "Межведомственное взаимодействие не требуется: школа справляется своими силами",
    "Необходимость не выявлена, решение Совета профилактики",
)
PRESENT = "Мать присутствовала на заседании, решение объявлено ей под протокол"
NOTES = {
    "refused": "Прочитала в присутствии свидетелей, подписать отказалась",
    "post": "Заказное письмо с уведомлением о вручении, квитанция подшита",
    "messenger": "Фото уведомления отправлено в личном сообщении, ответ получен",
}


class Notices:
    """Hands over the notices of one school, as those who do it there, on the days on which it was done.

    The day is the story's, the rest follows from the order in which the notices were made: nothing is left to chance.
    """

    def __init__(self, life):
        self.life = life
        self.world = life.world
        self.env = life.env
        self.counter = 0
        self.seen = self.env["vshu.notice"]

    def _keeper(self, notices):
        return self.life._keeper(notices)

    def _after(self, day, days):
        """Return the working day so many working days after ``day``, today at the latest."""
        working = self.life.working
        start = next((index for index, known in enumerate(working) if known >= day), len(working) - 1)
        return min(working[min(start + days, len(working) - 1)], self.life.today)

    def _number(self, day):
        return f"01-{self.life._next('outgoing', day):03d}"

    # -- parents -----------------------------------------------------------------------------------------------------

    def parents_told(self, notices, day):
        """The notices to the parents of one case, told on ``day``."""
        plain = notices.browse()
        for notice in notices.filtered("partner_id"):
            self.counter += 1
            if self.counter % REFUSED == 0:
                self._refuse(notice, day)
            elif self.counter % POSTED == 0:
                sent = max(notice.date_event, day - timedelta(days=4))
                self._keeper(notice)._send("post", sent, self._number(sent))
                self._keeper(notice)._acknowledge(day)
                notice.note = NOTES["post"]
            elif self.counter % MESSENGER == 0:
                self._keeper(notice)._send("messenger", day)
                self._keeper(notice)._acknowledge(day)
                notice.note = NOTES["messenger"]
            else:
                plain |= notice
        if plain:
            self._keeper(plain)._send("in_person", max(day, *plain.mapped("date_event")))
            self._keeper(plain)._acknowledge(max(day, *plain.mapped("date_event")))

    def invited(self, case, day):
        """The invitation to the council (KZ-9) is made on ``day`` and reaches the parents soon, before it meets."""
        invitations = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "hearing")])
        guarded(invitations).write({"date_event": day})
        reached = min(self._after(day, 1), case.hearing_date)
        if reached < self.life.today:
            self.parents_told(invitations.filtered(lambda notice: notice.state == "to_send"), reached)

    def _refuse(self, notice, day):
        employees = self.world.employees
        self._keeper(notice)._refuse_before(employees["psych"] | employees["deputy"], max(day, notice.date_event))
        notice.note = NOTES["refused"]

    # -- all that is left when the stories are told --------------------------------------------------------------------

    def hand_over(self):
        """What is old enough has reached its addressee; what is fresh is printed, on its way, or waits.

        Called again, it goes on with what has come about meanwhile.
        """
        notices = self.env["vshu.notice"].search(
            [("company_id", "=", self.world.company.id), ("state", "in", ("to_send", "sent"))], order="date_event, id"
        )
        notices -= self.seen
        self.seen |= notices
        self._history(notices)
        inside = notices.filtered(lambda notice: notice.user_id)
        self._inside(inside)
        left = notices.filtered(lambda notice: notice.state == "to_send")
        self._outside(left.filtered(lambda notice: notice.addressee != "parents" and notice.need == "required"))
        self._spared(left.filtered(lambda notice: notice.need == "if_needed"))
        self._parents(left.filtered(lambda notice: notice.addressee == "parents" and notice.need == "required"))
        # what Odoo notes for each activity that is done was not written today
        told = self.env["vshu.notice"].search([("company_id", "=", self.world.company.id)])
        self.env["mail.message"].search([("model", "=", "vshu.notice"), ("res_id", "in", told.ids)]).unlink()

    def _history(self, notices):
        """Who is told inside was told on the day of the decision, not today."""
        for day, told in notices.filtered("user_id").grouped("date_event").items():
            guarded(told).write({"date_sent": day})

    def _inside(self, notices):
        """Head and class teachers read what they are told within a day or two; some still have to."""
        by_day = {}
        for index, notice in enumerate(notices):
            day = self._after(notice.date_event, 1 + index % 3)
            if day < self.life.today and index % 13:
                by_day.setdefault(day, notices.browse())
                by_day[day] |= notice
        for day, read in by_day.items():
            for user, own in read.grouped("user_id").items():
                self.life._as(own, user)._acknowledge(day)

    def _outside(self, notices):
        """Letters go by post or e-mail with a number; bodies that nobody was chosen for get the commission's name."""
        commission = self.life.bodies.get("commission")
        nameless = notices.filtered(lambda notice: notice.addressee == "commission" and not notice.partner_id)
        if commission:
            nameless.write({"partner_id": commission.id})
        for index, notice in enumerate(notices.filtered("partner_id")):
            day = self._after(notice.date_event, 1 + index % 3)
            if day >= self.life.today or index % 9 == 8:
                continue
            guarded(notice).write({"date_printed": day})
            self._keeper(notice)._send("mail" if index % 3 else "post", day, self._number(day))

    def _spared(self, notices):
        """Most bodies need not be told, the police unit is told at times; the latest wait for a decision on it."""
        police = self.life.bodies.get("police")
        spared = {}
        for index, notice in enumerate(notices[: max(len(notices) - 3, 0)]):
            if notice.addressee == "other" and index % 6 == 2 and police:
                day = self._after(notice.date_event, 2)
                if day < self.life.today:
                    self._keeper(notice).write({"partner_id": police.id})
                    self._keeper(notice)._send("mail", day, self._number(day))
                    continue
            if notice.addressee == "parents" and index % 2 and notice.partner_id:
                day = self._after(notice.date_event, 2)
                self._keeper(notice)._send("in_person", day)
                self._keeper(notice)._acknowledge(day)
                continue
            reason = PRESENT if notice.addressee == "parents" else SPARED[index % len(SPARED)]
            spared[reason] = spared.get(reason, notices.browse()) | notice
        for reason, same in spared.items():
            self._keeper(same)._skip(reason)

    def _parents(self, notices):
        """Invitations, extensions, removals: handed over in a day or two; the fresh ones are on their way or wait."""
        edge = self._back(FRESH)
        by_day, waiting = {}, []
        for index, notice in enumerate(notices.filtered("partner_id")):
            day = self._after(notice.date_event, 1 + index % 2)
            # the placements whose story does not tell it have not been handed over
            if notice.event == "placement" or notice.date_event >= edge:
                waiting.append(notice)
            elif index % REFUSED == REFUSED - 1:
                self._refuse(notice, day)
            else:
                by_day[day] = by_day.get(day, notices.browse()) | notice
        for day, same in by_day.items():
            self._keeper(same)._send("in_person", day)
            self._keeper(same)._acknowledge(day)
        for index, notice in enumerate(waiting):
            day = self._after(notice.date_event, index % 2)
            if index % 3 == 0 and day <= self.life.today:
                self._keeper(notice)._send("post" if index % 2 else "in_person", day, self._number(day))
            elif index % 3 == 1:
                guarded(notice).write({"date_printed": day})

    def _back(self, days):
        """Return the working day so many working days before today."""
        past = [day for day in self.life.working if day <= self.life.today]
        return past[-1 - days] if len(past) > days else self.life.today
