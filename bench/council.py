"""Signing minutes: the second signature under fifty decisions, beside the same rows written by plain ORM calls."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

#: items on the agenda
ITEMS = 50
#: what signing makes, in the order in which one refers to the other; clocks and activities come about by these writes
MADE = (
    "vshu.decision",
    "vshu.case.term",
    "vshu.journal.entry",
    "vshu.document",
    "vshu.notice",
    "vshu.extract",
)
#: what signing writes on the records that are there
CHANGED = ("vshu.case", "vshu.agenda.item", "vshu.meeting", "vshu.minutes")


def guarded(records):
    """Return ``records`` with the right to write what only transitions write; the addons' path is known by now."""
    from odoo.addons.vshu_registry.tools.guard import guarded as with_guard  # noqa: PLC0415

    return with_guard(records)


class CouncilBench:
    """Measurements of the council, for :class:`measure.Bench`."""

    def council(self):
        """Sign the minutes of fifty placements; write the same rows without any check."""

        def sign(env):
            minutes, head = to_sign(env)
            return minutes.with_user(head).action_sign

        def plain(env):
            minutes, head = to_sign(env)
            return written_by(env, minutes, head)

        self.compare(f"signing minutes with {ITEMS} placements / plain ORM", sign, plain, 2, user=None, times=3)
        row = self.rows[-1]
        row["note"] = f"{row['ms'] / ITEMS:.1f} ms and {row['queries'] / ITEMS:.1f} queries an item"


def to_sign(env):
    """Return minutes that bear the secretary's signature, and the user who presided."""
    school = env["vshu.school"].search([("regulation_id", "!=", False)], limit=1)
    env = env(context=dict(env.context, allowed_company_ids=school.company_id.ids))
    company, today = school.company_id, fields.Date.today()
    staff = env["hr.employee"].search([("company_id", "=", company.id), ("user_id", "!=", False)], limit=5)
    secretary, head = school.keeper_id, school.head_id
    members = head | secretary | staff
    members.write({"job_title": "Teacher"})  # minutes name the post of everybody
    council = env["vshu.council"].create(
        {
            "company_id": company.id,
            "order_number": "1",
            "order_date": today - timedelta(days=30),
            "date_from": today - timedelta(days=30),
            "member_ids": [
                Command.create(
                    {
                        "employee_id": person.id,
                        "role": "chair" if person == head else "secretary" if person == secretary else "member",
                    }
                )
                for person in members
            ],
        }
    )
    council.action_approve()
    students = env["res.partner"].search([("vshu_is_student", "=", True), ("vshu_case_ids", "=", False)], limit=ITEMS)
    regulation = school.regulation_id
    ground = regulation.ground_ids.filtered(lambda g: g.code.startswith("3.2"))[:1]
    basis = env.ref("vshu_registry.ru_basis_4_2b_1")
    cases = env["vshu.case"].create(
        [
            {
                "company_id": company.id,
                "student_id": student.id,
                "ground_id": ground.id,
                "basis_id": basis.id,
                "reason": "Absent",
                "curator_id": secretary.id,
            }
            for student in students
        ]
    )
    guarded(cases).write({"consent": True, "consent_date": today})
    for case in cases:
        case._submit(today)
    rules = guarded(env["vshu.meeting"]).env
    meeting = rules["vshu.meeting"].create(
        {
            "company_id": company.id,
            "date": fields.Datetime.now(),
            "place": "room",
            "decision_number": "1",
            "decision_date": today,
        }
    )
    meeting.participant_ids.write({"attendance": "present"})
    items = rules["vshu.agenda.item"].search([("case_id", "in", cases.ids), ("state", "=", "waiting")])
    items.write(
        {
            "meeting_id": meeting.id,
            "state": "decided",
            "summary": "heard",
            "kind_id": env.ref("vshu_registry.ru_kind_5_2_place").id,
            "decision_text": "register",
            "count_for": len(members),
            "no_papers_reason": "none",
        }
    )
    roles = {person.council_role: person for person in meeting.member_ids}
    meeting.write({"state": "sitting", "presiding_id": roles["chair"].id, "secretary_id": roles["secretary"].id})
    minutes = rules["vshu.minutes"]._make(meeting)
    meeting.write({"state": "held", "date_held": meeting.date_day})
    minutes.with_user(secretary.user_id).with_context(vshu_guard=None).action_sign()
    return minutes.with_context(vshu_guard=None), head.user_id


def written_by(env, minutes, head):
    """Sign, note every row that this makes and changes, take it back; return what writes the same rows again."""
    last = {name: env[name].search([], order="id desc", limit=1).id or 0 for name in MADE}
    kept = {name: env[name].search([("company_id", "=", minutes.company_id.id)]) for name in CHANGED}
    kept["vshu.case"] = minutes.line_ids.case_id
    before = {name: snapshot(records) for name, records in kept.items()}
    with env.cr.savepoint() as savepoint:
        minutes.with_user(head).action_sign()
        env.flush_all()
        made = {name: snapshot(env[name].search([("id", ">", last[name])], order="id")) for name in MADE}
        after = {name: snapshot(records) for name, records in kept.items()}
        savepoint.rollback()
    env.invalidate_all()
    writes = {
        name: {
            id_: {field: value for field, value in row.items() if before[name][id_][field] != value}
            for id_, row in rows.items()
        }
        for name, rows in after.items()
    }

    def write():
        known = {}
        rules = guarded(env["vshu.case"].sudo()).env
        for name in MADE:
            rows = [dict(row) for row in made[name].values()]
            for row in rows:
                for field, value in row.items():
                    target = rules[name]._fields[field].comodel_name if rules[name]._fields[field].relational else None
                    if target in MADE and isinstance(value, int):
                        row[field] = known.get((target, value), value)
            for old, new in zip(made[name], rules[name].create(rows), strict=True):
                known[(name, old)] = new.id
        for name, rows in writes.items():
            for id_, values in rows.items():
                if values:
                    record = rules[name].browse(id_)
                    for field, value in values.items():
                        target = record._fields[field].comodel_name if record._fields[field].relational else None
                        if target in MADE and isinstance(value, int):
                            values[field] = known.get((target, value), value)
                    record.write(values)

    return write


def snapshot(records):
    """Return {id: values} of the stored fields that are written, not computed or related."""
    names = [
        name
        for name, field in records._fields.items()
        if field.store
        and name not in ("id", *models.MAGIC_COLUMNS)
        and not field.related
        and field.type not in ("one2many", "many2many")
        and (not field.compute or not field.readonly)
    ]
    return {
        record.id: {name: record._fields[name].convert_to_write(record[name], record) for name in names}
        for record in records
    }
