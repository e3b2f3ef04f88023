"""What the psychologist of a demo school has written: sealed papers, who opened them, recommendations."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

from . import sealed_kz, sealed_ru


class SealedPapers:
    """Files the papers of the stories of one school, each for the psychologist on the day that its line shows."""

    def __init__(self, life):
        self.life = life
        self.env = life.env
        self.today = life.today
        self.words = sealed_kz if life.world.code == "kz" else sealed_ru
        self.users = life.world.users

    def lay(self):
        """Lay all that there is into the files of the cases."""
        self._conclusions()
        self._correction()
        self._begun()
        self._recommendations()
        # what the flows have written today happened on other days
        self.env["mail.message"].search([("model", "=", "vshu.recommendation")]).unlink()

    def _case(self, key):
        return self.life.told[key]["case"] or self.env["vshu.case"]

    def _psychologist(self, model):
        return self.life._as(self.env[model], self.users["psych"])

    def _conclusions(self):
        lines = {}
        for key in self.words.CONCLUSIONS:
            line = self._case(key).document_ids.filtered(lambda d: d.sealed and d.date)[:1]
            if line:
                lines[key] = line
        papers = self._psychologist("vshu.sealed").create(
            [
                {"document_id": line.id, "date": line.date, "text": self.words.CONCLUSIONS[key]}
                for key, line in lines.items()
            ]
        )
        protocol = (
            "Методика;Показатель;Балл;Норма\nОпросник;общий балл;17;до 14\nНаблюдение;конфликты за неделю;3;0–1\n"
        )
        files = self._psychologist("ir.attachment").create(
            [
                {"name": "Протокол методик.csv", "raw": protocol.encode(), "res_model": paper._name, "res_id": paper.id}
                for paper in papers[::2]
            ]
        )
        for paper, file in zip(papers[::2], files, strict=True):
            paper.attachment_ids = file
        for paper in papers:
            paper._file(paper.date)
        self.papers = dict(zip(lines, papers, strict=True))
        self._openings(papers)

    def _openings(self, papers):
        """The deputy head opens each before the council, the head every other one."""
        rows = []
        for number, paper in enumerate(papers):
            readers = [("deputy", 1, 8)] + ([("head", 2, 11)] if number % 2 == 0 else [])
            for key, days, hour in readers:
                day = min(paper.date + timedelta(days=days), self.today)
                rows.append(
                    {
                        "sealed_id": paper.id,
                        "company_id": paper.company_id.id,
                        "user_id": self.users[key].id,
                        "date": datetime.combine(day, time(hour, 5 * number % 60)),
                    }
                )
        self.env["vshu.sealed.reading"].create(rows)

    def _correction(self):
        key, reason, old, new = self.words.CORRECTION
        paper = self.papers.get(key)
        if paper:
            action = paper._correct(reason)
            corrected = self._psychologist("vshu.sealed").browse(action["res_id"])
            corrected.text = corrected.text.replace(old, new)
            corrected._file(min(paper.date + timedelta(days=2), self.today))

    def _begun(self):
        key, text = self.words.BEGUN
        case = self._case(key)
        line = case.document_ids.filtered(lambda d: d.sealed and d.state in ("missing", "due"))[:1]
        if line:
            self._psychologist("vshu.sealed").create({"document_id": line.id, "text": text})

    def _recommendations(self):
        life, rows, told_rows = self.life, [], []
        for key, ago, term, text, people in self.words.RECOMMENDATIONS:
            case, told = self._case(key), life.told[key]
            if not case or case.state not in ("active", "removal_proposed", "submitted"):
                continue
            day = max(life._back(self.today - timedelta(days=ago)), case.date_placed or self.today)
            employees = {who: life._employee(told, who, self.today) for who in people}
            rows.append(
                {
                    "case_id": case.id,
                    "date": day,
                    "date_due": day + timedelta(days=term),
                    "text": text,
                    "line_ids": [
                        Command.create({"employee_id": employee.id})
                        for employee in self.env["hr.employee"].union(*employees.values())
                    ],
                }
            )
            told_rows.append((employees, people))
        records = self._psychologist("vshu.recommendation").create(rows)
        for record, (employees, people) in zip(records, told_rows, strict=True):
            record._give(record.date)
            for who, result in people.items():
                if result:
                    line = record.line_ids.filtered(lambda row, e=employees[who]: row.employee_id == e)
                    day = min(record.date + timedelta(days=result[0]), self.today)
                    line.write({"note": result[1], "date_done": day})
        key, text, people = self.words.BEGUN_RECOMMENDATION
        case, told = self._case(key), life.told[key]
        if case:
            named = self.env["hr.employee"].union(*(life._employee(told, who, self.today) for who in people))
            self._psychologist("vshu.recommendation").create(
                {
                    "case_id": case.id,
                    "text": text,
                    "line_ids": [Command.create({"employee_id": employee.id}) for employee in named],
                }
            )
