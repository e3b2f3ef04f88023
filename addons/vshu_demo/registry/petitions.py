"""Letters of the demo schools to outside bodies, what is on record of the parents, and last year's closing."""

from datetime import timedelta

from odoo.addons.vshu_registry.tools.guard import guarded

# fmt: off

#: the first outgoing number that a letter of the register bears; the school writes other letters too
FIRST_NUMBER = 64

REFUSED = {
    "ru_RU": "Матери предложены консультации психолога и сопровождение социального педагога по индивидуальному плану. "
             "Мать от помощи отказалась, подписать план отказалась, пояснила, что «разберётся сама».",
    "kk_KZ": "Анасына психологтың кеңесі мен жеке жоспар бойынша әлеуметтік педагогтың сүйемелдеуі ұсынылды. Анасы "
             "көмектен бас тартты, жоспарға қол қоймады, «өзім реттеймін» деп түсіндірді.",
}
NO_MEASURES = {
    "ru_RU": "За месяц трижды приглашена на встречу, не пришла; на звонки не отвечает, поведение и посещаемость "
             "ребёнка не изменились.",
    "kk_KZ": "Бір айда үш рет кездесуге шақырылды, келмеді; қоңырауларға жауап бермейді, баланың тәртібі мен сабаққа "
             "қатысуы өзгерген жоқ.",
}
ACCEPTED = {"ru_RU": "Мать пришла к психологу, план подписала.", "kk_KZ": "Анасы психологқа келіп, жоспарға қол қойды."}
HARM = {
    "ru_RU": "При посещении семьи взрослые в нетрезвом состоянии, продуктов нет, дети не накормлены, в квартире "
             "не топлено.",
    "kk_KZ": "Отбасына барғанда ересектер мас күйде болды, азық-түлік жоқ, балалар тамақ ішпеген, пәтер жылытылмаған.",
}
NO_CONTACT = {
    "ru_RU": "Телефоны матери и отца выключены, дверь не открывают, соседи семью не видели две недели, одноклассники "
             "местонахождения не знают.",
}


def fact(ago, kind, texts, ended=None):
    """Something was found out about the parents so many days ago; ``ended`` days ago it was no longer so."""
    return {"what": "fact", "ago": ago, "kind": kind, "texts": texts, "ended": ended}


def letter(ago, kind, body, answered=None, outcome=None, number=None, text=None, reminded=None, send=True):
    """A letter was written so many days ago; ``answered`` days ago the body answered, ``reminded`` days ago the school
    reminded (0: the reminder is a draft)."""
    return {
        "what": "letter", "ago": ago, "kind": kind, "body": body, "answered": answered, "outcome": outcome,
        "number": number, "text": text, "reminded": reminded, "send": send,
    }


#: whom it is about (codes of grounds, the first that is there) → what happened
KZ = (
    (("18.5",), (
        fact(64, "refused", REFUSED), fact(58, "no_measures", NO_MEASURES),
        letter(56, "17.1", "commission", answered=33, outcome="granted", number="3-12/418",
               text="Материал рассмотрен на заседании комиссии. Матери вынесено предупреждение, разъяснены обязанности "
                    "по воспитанию и обучению."),
        letter(16, "17.2", "commission"),
    )),
    (("18.2", "18.1"), (
        fact(60, "refused", REFUSED), fact(52, "no_measures", NO_MEASURES),
        letter(50, "17.1", "commission", reminded=0),
    )),
    (("18.6",), (
        fact(20, "refused", REFUSED), fact(12, "no_measures", NO_MEASURES),
        letter(8, "17.3", "commission"),
    )),
    (("18.4",), (
        fact(40, "refused", REFUSED), fact(15, "no_measures", NO_MEASURES),
        letter(34, "practice.guardianship", "guardianship", send=False),
        letter(2, "17.4", "commission", send=False), letter(12, "17.1", "commission", send=False),
    )),
    (("18.1", "18.5"), (fact(45, "refused", REFUSED, ended=18),)),
    (("18.4", "18.5"), (fact(11, "no_measures", NO_MEASURES),)),
    (("18.3", "18.2"), (
        fact(14, "harm", HARM),
        letter(13, "practice.guardianship", "guardianship", answered=4, outcome="forwarded", number="211-ө",
               text="Үй-жай аралап көрілді, материалдар комиссияға жолданды."),
    )),
)
RU = (
    (("3.2.3", "6.1.1"), (
        fact(62, "no_measures", NO_MEASURES),
        letter(61, "N5.1", "education", answered=38, outcome="partly", number="01-22/914",
               text="Информация принята. Проведена беседа с матерью, ребёнок возвращён к занятиям."),
        letter(58, "N2.5.commission", "commission", answered=24, outcome="granted", number="1187",
               text="Мать привлечена по ч. 1 ст. 5.35 КоАП РФ, вынесено предупреждение. Семья взята на контроль."),
    )),
    (("3.2.3", "6.1.1"), (
        fact(48, "no_contact", NO_CONTACT),
        letter(47, "N2.2", "police", reminded=9),
    )),
    (("3.3.1",), (
        fact(44, "harm", HARM),
        letter(43, "N2.5.police", "police", answered=15, outcome="forwarded", number="54/8-3021",
               text="Материал проверки передан в территориальную комиссию для рассмотрения в отношении родителей."),
        letter(6, "2.2", "commission"),
    )),
    (("3.1.3", "A1.4"), (letter(10, "2.2", "commission"),)),
    (("6.1.1",), (letter(5, "A7.6.commission", "commission"), letter(1, "A7.6.education", "education", send=False))),
    (("3.2.4", "3.2.2"), (
        fact(40, "refused", REFUSED), fact(30, "no_measures", NO_MEASURES),
        letter(29, "practice.commission", "commission", answered=8, outcome="refused", number="1240",
               text="Оснований для рассмотрения на заседании нет: рекомендовано продолжить работу силами школы."),
    )),
    (("3.2.2", "3.2.1"), (fact(33, "refused", REFUSED, ended=10),)),
    (("3.1.1", "3.1.2"), (
        fact(9, "harm", HARM), letter(7, "A7.note", "guardianship"),
    )),
)
EDUCATION = {"kz": "Отдел образования г. Жезтау", "ru": "Управление образованием Верхнереченского района"}

# fmt: on


class Letters:
    """Writes the letters of one school by the flows, in the order of their days, each as the user who would do it."""

    def __init__(self, life):
        self.life, self.world, self.env = life, life.world, life.env
        self.bodies = dict(life.bodies)
        self.bodies["education"] = self.env["res.partner"].create(
            {"name": EDUCATION[self.world.code], "is_company": True, "city": self.world.names.CITY}
        )
        self.kinds = {kind.code: kind for kind in self.world.regulation.petition_kind_ids}

    def write_all(self):
        """Tell it all, and close last year."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        steps = []
        for case, happened in self._cast(KZ if self.world.code == "kz" else RU):
            for step in happened:
                day = max(self.life._ago(step["ago"]), case.date_placed + timedelta(days=1))
                if day <= self.life.today:
                    steps.append((day, len(steps), case, step))
        for day, _index, case, step in sorted(steps, key=lambda entry: entry[:2]):
            getattr(self, f"_{step['what']}")(case, day, step)
        # clocks that were met long ago have left messages of today
        self.env["mail.message"].search([("id", ">", before), ("model", "=", "vshu.petition")]).unlink()
        year = self.world.years[0]
        guarded(year).write({"date_closed": min(year.date_end - timedelta(days=66), self.life.today)})

    def _cast(self, plot):
        """Choose for each entry the oldest stay that fits and of which nothing is told yet."""
        stays = self.env["vshu.case"].search(
            [("company_id", "=", self.world.company.id), ("state", "=", "active")], order="date_placed, id"
        )
        used = self.env["vshu.case"]
        for grounds, happened in plot:
            fits = [
                stay
                for code in grounds
                for stay in stays
                if stay.ground_id.code == code and stay not in used and stay._adults_on(self.life.today)
            ]
            wanted = {step["kind"] for step in happened}
            if "2.2" in wanted:
                fits = [stay for stay in fits if stay._decree_assignments()]
            if any(kind.startswith("A7.6") for kind in wanted):
                fits = [stay for stay in fits if stay._council_decisions()]
            if fits:
                used |= fits[0]
                yield fits[0], happened

    def _lang(self, case):
        """Return the language in which the case is kept: classes «А» of the Kazakhstani school learn in Kazakh."""
        kazakh = self.world.code == "kz" and case.class_id.letter == "А"
        return "kk_KZ" if kazakh and "kk_KZ" in self.world.installed else self.world.lang("ru_RU")

    def _fact(self, case, day, step):
        lang = self._lang(case)
        vals = {
            "case_id": case.id,
            "kind": step["kind"],
            "date": day,
            "partner_ids": case._adults_on(day)[:1].ids,
            "note": step["texts"].get(lang) or step["texts"]["ru_RU"],
        }
        if step["kind"] == "refused":
            vals.update(witness_id=self.world.employees["psych"].id, witness2_id=self.world.employees["study"].id)
        record = self.life._keeper(self.env["vshu.parent.fact"]).create(vals)
        if step["ended"]:
            end = max(self.life._ago(step["ended"]), day)
            record.write({"date_to": end, "end_note": ACCEPTED.get(lang) or ACCEPTED["ru_RU"]})

    def _letter(self, case, day, step):
        kind = self.kinds[step["kind"]]
        if case._petition_problems(kind):
            return
        own = [("company_id", "=", self.world.company.id)]
        first = not self.env["vshu.petition"].search_count(own, limit=1)
        vals = {
            "case_id": case.id,
            "kind_id": kind.id,
            "partner_id": self.bodies[step["body"]].id,
            "lang": self._lang(case),
            "date": day,
            "channel": "hand" if step["body"] in ("commission", "police") else "post",
        }
        if first:
            vals["number"] = str(FIRST_NUMBER)
        record = self.life._keeper(self.env["vshu.petition"]).create(vals)
        if not step["send"]:
            return
        deputy = self.world.users["deputy"]
        self.life._as(record, deputy).action_send()
        if step["answered"]:
            received = max(self.life._ago(step["answered"]), day)
            self.life._keeper(record)._answer(
                {
                    "date_answered": received,
                    "answer_date": max(received - timedelta(days=3), day),
                    "answer_number": step["number"],
                    "outcome": step["outcome"],
                    "answer_text": step["text"],
                }
            )
        if step["reminded"] is not None:
            action = self.life._keeper(record).action_remind()
            reminder = self.life._keeper(self.env["vshu.petition"]).browse(action["res_id"])
            if step["reminded"]:
                reminder.write({"date": max(self.life._ago(step["reminded"]), day)})
                self.life._as(reminder, deputy).action_send()
