"""Records of pupils who went to another school, and of those who came from one: in every state, in both schools."""

from datetime import timedelta

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_transfer.tools import transfer_package

#: schools outside the database
SCHOOLS = {
    "kz": ("КГУ «Основная средняя школа № 9» г. Жезтау", "КГУ «Школа-лицей № 15» г. Жезтау"),
    "ru": ("МБОУ «СОШ № 3» г. Верхнереченска", "МАОУ «Лицей № 2» г. Верхнереченска"),
}
ADVICE = {
    "kz": "Продолжить контроль посещаемости в первый месяц, привлечь к занятиям в кружках, держать связь с бабушкой.",
    "ru": "Рекомендуем в первую неделю встречу с матерью, бесплатное питание, занятость после уроков.",
}
RESULT = {
    "kz": "Проведено девять бесед, три посещения на дому, ученик посещал секцию волейбола. Пропусков стало меньше: 4 "
    "за последнюю четверть. С родителями налажена связь через мессенджер, мать приходила на все встречи.",
    "ru": "Семью посещали ежемесячно, акты приложены. Оформлено бесплатное питание, ребёнок ходил в продлённую группу. "
    "Пропусков без причины в последние два месяца нет, отношения в классе ровные.",
}
#: a record that came by file: what the former school wrote
CAME = {
    "kz": {
        "reason": "Систематически опаздывал на первые уроки, за полугодие 31 пропуск без уважительной причины.",
        "measures_before": "Беседы классного руководителя, приглашение родителей в школу.",
        "summary": "Работа велась четыре месяца: контроль посещаемости, занятия с психологом, кружок робототехники. "
        "Посещаемость улучшилась, задолженностей по предметам нет. Снят в связи с переездом семьи.",
        "recommendation": "Сохранить занятия в кружке, контролировать посещаемость в первом полугодии.",
        "paper": ("18.5", "систематические пропуски занятий без уважительной причины"),
        "city": "г. Жезтау, мкр. Шахтёрский, 4",
    },
    "ru": {
        "reason": "Информация ПДН: замечен в компании подростков, распивавших спиртное во дворе.",
        "measures_before": "Беседа инспектора с подростком и матерью, разъяснение ответственности.",
        "summary": "Проведены беседы, консультации психолога (6 встреч), вовлечён в школьный театр. Повторных "
        "случаев не было. Снят с учёта в связи с переходом в другую школу.",
        "recommendation": "Поддержать занятость вечером: мать работает посменно.",
        "paper": ("3.1.4", "употребление спиртных напитков"),
        "city": "г. Верхнереченск, ул. Речная, 40",
    },
}
CHARACTERISTIC = (
    "ХАРАКТЕРИСТИКА\n\nУченик посещает школу регулярно, к урокам готовится, в конфликты не вступает. "
    "Охотно помогает младшим, занимается в кружке. Родители интересуются учёбой, приходят на собрания.\n"
)


class Transfers:
    """Plays the hand-overs of the schools, after their stories were told.

    Each step runs for the user who would do it; the days go into the flows, which know them.
    """

    def __init__(self, lives):
        self.lives = lives
        self.today = next(iter(lives.values())).today

    def play(self):
        """Send, receive, refuse and cancel; take in what came by file."""
        kz, ru = self.lives["kz"], self.lives["ru"]
        before = kz.env["mail.message"].search([], order="id desc", limit=1).id
        contacts = {
            code: life.env["res.partner"].create(
                [{"name": name, "is_company": True, "city": life.world.names.CITY} for name in SCHOOLS[code]]
            )
            for code, life in self.lives.items()
        }
        kz_home, ru_home = kz.world.company.partner_id, ru.world.company.partner_id
        # by paper and letter, a year ago
        for code, key, letter in (("kz", "record_received", "02-11/214"), ("ru", "failure_moved", "01-20/96")):
            sent = self._send(code, key, contacts[code][0], after=3)
            self._life(code)._keeper(sent)._received(sent.date_sent + timedelta(days=8), letter)
        # refused, sent to the next school
        refused = self._send("kz", "record_refused", contacts["kz"][0], after=2)
        self._life("kz")._keeper(refused)._refuse("Ученик к нам не прибыл: зачислен в школу-лицей № 15.")
        again = self._send("kz", "record_refused", contacts["kz"][1], after=9)
        self._life("kz")._keeper(again)._received(again.date_sent + timedelta(days=6), "118")
        refused = self._send("ru", "record_received", contacts["ru"][1], after=4)
        self._life("ru")._keeper(refused)._refuse("Документы на зачисление в наш лицей не поданы.")
        # to the wrong school first, then from one school of this database to the other, under another regulation
        wrong = self._send("kz", "went_to_other_school_kk", contacts["kz"][0], ago=5)
        self._life("kz")._keeper(wrong).action_cancel()
        self._send("kz", "went_to_other_school_kk", ru_home, ago=2)
        self._send("ru", "moved_away", kz_home, ago=6)
        self._confirm("kz", ago=3)
        wrong = self._send("ru", "record_cancelled", contacts["ru"][1], ago=9)
        self._life("ru")._keeper(wrong).action_cancel()
        self._send("ru", "record_cancelled", contacts["ru"][0], ago=7)
        # ready but for the school, and prepared before the end
        for code, key in (("kz", "record_to_send"), ("ru", "record_to_send")):
            draft = self._draft(code, key)
            draft.write({"summary": f"{RESULT[code]}\n{draft.summary}", "recommendation": ADVICE[code]})
        told = kz.told["record_prepared"]
        guarded(told["case"])._prepare_transfers().write({"receiver_id": contacts["kz"][1].id})
        for number, code in enumerate(("kz", "ru")):
            self._by_file(code, contacts[code][0].name, ago=4 - number)
        kz.env["mail.message"].search([("id", ">", before), ("model", "=", "vshu.transfer")]).unlink()

    def _life(self, code):
        return self.lives[code]

    def _draft(self, code, key):
        """Return the draft of a story's hand-over."""
        life = self._life(code)
        case = life.told[key]["case"]
        return life.env["vshu.transfer"].search([("case_id", "=", case.id), ("state", "=", "draft")])

    def _send(self, code, key, receiver, after=None, ago=None):
        """Send the record of a story to ``receiver``: so many days after the end of the stay, or before today."""
        life = self._life(code)
        draft = life._keeper(self._draft(code, key))
        day = draft.date_closed + timedelta(days=after) if after else self.today - timedelta(days=ago)
        day = max(life._on(day) if after else life._back(day), draft.date_closed)
        draft.write(
            {
                "receiver_id": receiver.id,
                "number": f"01-15/{40 + life._next('outgoing', day)}",
                "summary": draft.summary if RESULT[code] in draft.summary else f"{RESULT[code]}\n{draft.summary}",
                "recommendation": ADVICE[code],
            }
        )
        sealed = draft.paper_ids.filtered("sealed")[:1]
        if sealed and key in ("record_refused", "went_to_other_school_kk"):
            life._as(draft, life.world.users["head"])._decide_sealed(sealed, "7-с", day)
        draft._send(day)
        return draft.with_env(life.env)

    def _confirm(self, code, ago):
        """Confirm what came to a school from the other one."""
        life = self._life(code)
        domain = [("company_id", "=", life.world.company.id), ("direction", "=", "in"), ("state", "=", "arrived")]
        life._keeper(life.env["vshu.transfer"].search(domain))._confirm(life._back(self.today - timedelta(days=ago)))

    def _by_file(self, code, school, ago):
        """Take in the record of a pupil who came this year, from the file of a school elsewhere."""
        life = self._life(code)
        world, words = life.world, CAME[code]
        child = next(child for child in world.village.children if child.grade == 8 and not child.before)
        day = life._back(self.today - timedelta(days=ago))
        placed, removed = world.last_start + timedelta(days=130), world.start - timedelta(days=95)
        regulation, (ground, text) = world.regulation.code, words["paper"]

        def entry(key, name, clause=None):
            return {"regulation": regulation, "code": key, "clause": clause, "words": {"ru_RU": name}}

        member = "papers/001.txt"
        record = {
            "uid": f"{'12'[code == 'ru']}" * 32,
            "reference": "T-00007",
            "number": "01-12/57",
            "date": day.isoformat(),
            "sender": {"name": school, "address": words["city"], "head": "Мухина Л. П.", "keeper": "Ким О. С."},
            "regulation": entry("1", world.regulation.name),
            "receiver": world.company.name,
            "subject": {
                "kind": "student",
                "name": child.name,
                "birth_date": child.birth.isoformat(),
                "sex": child.sex,
                "class_name": "7 «В»",
                "grade": 7,
            },
            "case": {
                "kind": "register",
                "number": "№ 6",
                "date_placed": placed.isoformat(),
                "date_removed": removed.isoformat(),
                "ground": entry(ground, text),
                "reason": words["reason"],
                "measures_before": words["measures_before"],
            },
            "periods": [{"kind": "placement", "date_from": placed.isoformat(), "date_to": removed.isoformat()}],
            "summary": words["summary"],
            "recommendation": words["recommendation"],
            "papers": [
                {
                    "type": entry("characteristic", "Характеристика"),
                    "date": removed.isoformat(),
                    "author": "классный руководитель",
                    "sheets": 1,
                    "files": [{"member": member, "name": "Характеристика.txt"}],
                }
            ],
        }
        content, digest = transfer_package.build(record, {member: CHARACTERISTIC.encode()})
        package = transfer_package.read(content, transfer_package.code_of(digest))
        model = life._keeper(life.env["vshu.transfer"]).with_company(world.company)
        come = model._create_incoming(world.company, package, day)
        if code == "ru":
            come._confirm(life._back(day + timedelta(days=2)))
