"""How the parents got their copies of the plans of a demo school (KZ-14)."""

from datetime import timedelta

from odoo.addons.vshu_registry.tools.guard import guarded

from . import words, words_kk

#: every so-many-th copy goes by messenger
MESSENGER = 9
#: copies of plans that were approved in the last days wait, in calendar days
FRESH = 5


class Copies:
    """Hands over the copies of all plans of one school on the days on which it was done."""

    def __init__(self, story):
        self.story = story
        self.env = story.env
        self.notices = self.env["vshu.notice"].search(
            [("plan_id.company_id", "=", story.company.id), ("state", "=", "to_send")], order="date_event, id"
        )

    def hand_over(self):
        """Most are acknowledged within days; some parents refused before two witnesses, the latest copies wait."""
        story, today = self.story, self.story.today
        # they were made on the day of the approval, not today
        for day, same in self.notices.grouped(lambda notice: notice.plan_id.date_approved).items():
            guarded(same).write({"date_event": day})
        able = self.notices.filtered(lambda notice: notice.partner_id and notice._may_receive())
        waiting = able.filtered(lambda notice: notice.date_event >= today - timedelta(days=FRESH))
        # one waits in any case, that of the plan that was approved last
        waiting |= able.filtered(lambda notice: notice.plan_id.state == "in_force")[-1:]
        refused = self._refused(able - waiting)
        by_day = {}
        for index, notice in enumerate(able - waiting - refused):
            day = min(story.shift(notice.date_event, 1 + index % 3), today)
            channel = "messenger" if index % MESSENGER == MESSENGER - 1 else "in_person"
            by_day.setdefault((day, channel), []).append(notice.id)
        for (day, channel), ids in by_day.items():
            same = story.by(story.users["social"], self.notices.browse(ids))
            same._change(
                {
                    "state": "acknowledged",
                    "channel": channel,
                    "date_sent": day,
                    "sent_by_id": same.env.uid,
                    "date_acknowledged": day,
                }
            )

    def _refused(self, notices):
        """Let one who refuses help, or else the first, refuse the copy; return it with those that had this end."""
        running = notices.filtered(lambda notice: notice.plan_id.state == "in_force")
        firm = running.filtered(lambda notice: notice.plan_id.refused)
        chosen = (firm or running or notices)[:1]
        for notice in chosen:
            witnesses = self.env["hr.employee"].search(
                [
                    ("user_id", "in", (self.story.users["psych"] | self.story.users["deputy"]).ids),
                    ("company_id", "=", self.story.company.id),
                ]
            )
            day = min(self.story.shift(notice.date_event, 1), self.story.today)
            self.story.by(self.story.users["social"], notice)._refuse_before(witnesses, day)
            kazakh = self.story.lang(notice.case_id) == "kk_KZ"
            guarded(notice).write({"note": words_kk.REFUSED if kazakh else words.REFUSED})
        return chosen
