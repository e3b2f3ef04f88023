import re
from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools.import_rows import Plan
from ..tools.import_words import (
    clean_name,
    digits,
    guess_parent,
    is_name,
    letter_key,
    name_key,
    parse_sex,
    same_person,
    split_phone,
    squeeze,
)

PERSONS = ("mother", "father", "guardian", "parent")


class VshuImport(models.Model):
    """Class lists: children, their classes from a day on, their parents; what is there is not doubled."""

    _inherit = "vshu.import"

    # -- what a row says -----------------------------------------------------------------------------------------------

    def _parse_class_list(self, row, get, reading):
        """Add sex, address, phones and parents to ``row``."""
        sex = str(get("sex"))
        if sex:
            row.values["sex"] = parse_sex(sex)
            if not row.values["sex"]:
                row.problems.append(self.env._("Sex “%s” is not understood: write м or ж.", sex[:20]))
        row.values["street"] = str(get("street"))
        row.values["phone"] = str(get("student_phone"))
        people = []
        for person in PERSONS:
            people += self._parse_guardian(row, person, str(get(person)), str(get(f"{person}_phone")))
        row.values["guardians"] = people

    def _parse_guardian(self, row, person, text, phone):
        """Return the adults in a cell: several are divided by a semicolon, a phone may stand behind the name."""
        result = []
        for part in re.split(r"[;/\n]", text):
            name, own = split_phone(part)
            name = clean_name(name).strip(" ,")
            if not name:
                if own and result:
                    result[-1]["phone"] = ", ".join(filter(None, [result[-1]["phone"], own]))
                elif own:
                    phone = phone or own
                continue
            if name and not is_name(name):
                row.problems.append(
                    self.env._("Parent “%s” is no name: write surname, name and patronymic in letters.", name[:80])
                )
                continue
            result.append({"kind": guess_parent(name) if person == "parent" else person, "name": name, "phone": own})
        if phone and result and not result[0]["phone"]:
            result[0]["phone"] = phone
        elif phone and not result:
            result.append({"kind": person, "name": "", "phone": phone})
        nameless = [adult for adult in result if not adult["name"]]
        if nameless:
            row.problems.append(
                self.env._(
                    "There is a phone of a parent (%s) but no name: fill in the name, or take the phone away.",
                    nameless[0]["phone"],
                )
            )
        return [adult for adult in result if adult["name"]]

    # -- what will be done ---------------------------------------------------------------------------------------------

    def _plan_class_list(self, rows, seen):
        """Return a Plan for each row, in a constant number of queries for all of them.

        :param list rows: Row objects
        :param dict seen: {student id: row} of rows before; those of ``rows`` are added
        """
        plans = [Plan(row, problems=list(row.problems)) for row in rows]
        year = self._year()
        if not year:
            raise UserError(
                self.env._(
                    "There is no school year on %s: the register administrator enters it under Configuration → School "
                    "years, or choose another day from which the children are in their classes.",
                    format_date(self.env, self.date),
                )
            )
        classes = self._classes()
        enrollments = self._find_students(plans)
        links = self._guardians([plan.student.id for plan in plans if plan.student])
        for plan in plans:
            if plan.problems:
                continue
            self._plan_double(plan, seen)
            self._plan_class(plan, classes, year, enrollments)
            self._plan_vals(plan)
            self._plan_guardians(plan, links)
            if not plan.student and not plan.row.birth:
                plan.problems.append(
                    self.env._(
                        "No date of birth: a new child cannot be told from a namesake without it. Fill it in as "
                        "31.12.2013."
                    )
                )
        return plans

    def _plan_double(self, plan, seen):
        row = plan.row
        other = row.double_row if not (row.as_new or row.student_id) else 0
        if plan.student:
            if seen.get(plan.student.id, row.number) != row.number:
                other = seen[plan.student.id]
            seen.setdefault(plan.student.id, row.number)
        if other:
            plan.problems.append(
                self.env._(
                    "This child stands in row %s already: delete one of the two. If it is another child, give both "
                    "their file numbers, or tick “Another child”.",
                    other,
                )
            )

    def _plan_class(self, plan, classes, year, enrollments):
        """Plan the enrolment: new, moved on the day of the import, or as it is."""
        wanted = plan.row.school_class
        if not wanted:
            if not plan.student:
                plan.problems.append(self.env._("No class: fill in the class of the child, e.g. 7 А."))
            return
        title = self._class_title(wanted)
        if wanted not in classes:
            if not self.create_classes:
                plan.problems.append(
                    self.env._(
                        "The school year %(year)s has no class %(class)s: put it right, or let the administrator make "
                        "the class (or tick “Create missing classes”).",
                        **{"year": year.name, "class": title},
                    )
                )
                return
            plan.changes.append(self.env._("Class %s will be made.", title))
        start = max(self.date, year.date_start)
        known = enrollments.get(plan.student.id, []) if plan.student else []
        current = self._current(known)
        if not current:
            plan.enrollment = ("new", None, wanted)
            plan.changes.append(
                self.env._("Class: %(class)s from %(date)s", **{"class": title, "date": format_date(self.env, start)})
            )
            return
        old = current.class_id
        same = (old.grade, letter_key(old.letter)) == wanted
        if same and old.year_id == year:
            return
        later = current.date_from > start or any(e.date_from > start for e in known if e != current)
        if later or (current.date_to and old.year_id == year):
            plan.problems.append(
                self.env._(
                    "The child is in class %(class)s from %(date)s: choose a later day of the import, or put the "
                    "enrolment right on the child.",
                    **{"class": old.name, "date": format_date(self.env, current.date_from)},
                )
            )
            return
        plan.enrollment = ("move", current, wanted)
        plan.changes.append(
            self.env._(
                "Class: %(old)s → %(new)s from %(date)s",
                old=old.name,
                new=title,
                date=format_date(self.env, start),
            )
        )

    def _plan_vals(self, plan):
        """Plan what is written on the child: what the list says and is not on file so; empty cells change nothing."""
        row, student = plan.row, plan.student
        said = {
            "name": row.values.get("name"),
            "vshu_birth_date": row.birth,
            "vshu_sex": row.values.get("sex"),
            "vshu_file_number": row.values.get("file"),
            "street": row.values.get("street"),
            "phone": row.values.get("phone"),
        }
        said = {name: value for name, value in said.items() if value}
        if not student:
            plan.vals = {**said, "vshu_is_student": True}
            return
        same = {
            # the name on file stays where the list writes it in another way or without the patronymic
            "name": lambda old, new: (name_key(old) + " ").startswith(name_key(new) + " "),
            "street": lambda old, new: squeeze(old or "").casefold() == new.casefold(),
            "phone": lambda old, new: digits(old) == digits(new),
        }
        for name, new in said.items():
            old = student[name]
            if old == new or (name in same and same[name](old, new)):
                continue
            if name == "name" and any(
                (key + " ").startswith(name_key(new) + " ") for key in student._vshu_former_keys()
            ):
                # an old list: nobody is renamed back by it
                plan.changes.append(self.env._("The list has a former name of the child; “%s” stays.", old))
                continue
            plan.vals[name] = new
            plan.changes.append(self._say_change(student._fields[name], old, new))
        if not student.active:
            plan.vals["active"] = True
            plan.changes.append(self.env._("The child is in the archive and will be taken out of it."))

    def _say_change(self, field, old, new):
        def show(value):
            if field.type == "date":
                return format_date(self.env, value) if value else "–"
            if field.type == "selection":
                return dict(field._description_selection(self.env)).get(value, "–")
            return value or "–"

        return self.env._(
            "%(field)s: %(old)s → %(new)s",
            field=field._description_string(self.env),
            old=show(old),
            new=show(new),
        )

    def _guardians(self, student_ids):
        """Return {student id: [(key of the name, guardian's record)]}."""
        result = defaultdict(list)
        links = self.env["vshu.guardian"].search_fetch(
            [("student_id", "in", student_ids)], ["student_id", "partner_id", "kind"]
        )
        adults = links.partner_id
        adults.fetch(["name", "phone"])
        for link in links:
            result[link.student_id.id].append((name_key(link.partner_id.name or ""), link.partner_id))
        return result

    def _plan_guardians(self, plan, links):
        """Plan the adults: those on file stay, a new phone is written, who is not on file is added."""
        known = list(links.get(plan.student.id, [])) if plan.student else []
        kinds = dict(self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env))
        for adult in plan.row.values.get("guardians", []):
            key = name_key(adult["name"])
            found = next((partner for other, partner in known if same_person(other, key)), None)
            if found is None:
                plan.guardians.append({"adult": adult})
                plan.changes.append(
                    self.env._(
                        "New guardian: %(name)s (%(kind)s) %(phone)s",
                        name=adult["name"],
                        kind=kinds[adult["kind"]],
                        phone=adult["phone"],
                    ).strip()
                )
                known.append((key, False))
            elif found and adult["phone"] and digits(found.phone) != digits(adult["phone"]):
                plan.guardians.append({"partner": found, "phone": adult["phone"]})
                plan.changes.append(
                    self.env._(
                        "Phone of %(name)s: %(old)s → %(new)s",
                        name=found.name,
                        old=found.phone or "–",
                        new=adult["phone"],
                    )
                )

    # -- doing it ------------------------------------------------------------------------------------------------------

    def _apply_class_list(self, plans):
        """Write what ``plans`` say, with the user's own rights, in sets."""
        plans = [plan for plan in plans if plan.action in ("create", "change")]
        if not plans:
            return
        self._apply_students(plans)
        self._apply_enrollments([plan for plan in plans if plan.enrollment])
        self._apply_guardians([plan for plan in plans if plan.guardians])

    def _apply_students(self, plans):
        # who is told of a change of a contact is nobody's business here
        partners = self.env["res.partner"].with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        new = [plan for plan in plans if not plan.student]
        for plan in plans:
            if plan.student and plan.vals:
                plan.student.write(plan.vals)
        for plan, student in zip(new, partners.create([plan.vals for plan in new]), strict=True):
            plan.student = student
        by_row = {plan.row.number: plan.student for plan in new}
        lines = self._lines([("row", "in", list(by_row))])
        for line in lines:
            line.student_id = by_row[line.row]

    def _apply_enrollments(self, plans):
        year = self._year()
        start = max(self.date, year.date_start)
        classes = self._classes()
        missing = sorted({plan.enrollment[2] for plan in plans} - classes.keys())
        made = self.env["vshu.class"].create(
            [
                {"company_id": self.company_id.id, "year_id": year.id, "grade": grade, "letter": letter}
                for grade, letter in missing
            ]
        )
        classes.update(zip(missing, made, strict=True))
        ends, rows = defaultdict(lambda: self.env["vshu.enrollment"]), []
        for plan in plans:
            _way, current, wanted = plan.enrollment
            cls = classes[wanted]
            if current and current.date_from >= start and current.year_id == year:
                current.write({"class_id": cls.id})  # entered in the wrong class on that very day
                continue
            if current:
                ends[self._end(current, cls, start)] |= current
            rows.append({"student_id": plan.student.id, "class_id": cls.id, "date_from": start})
        for (day, reason), enrollments in ends.items():
            enrollments.write({"date_to": day, "end_reason_id": self.env.ref(f"vshu_registry.end_reason_{reason}").id})
        self.env["vshu.enrollment"].create(rows)

    def _end(self, current, cls, start):
        """Return (last day, reason) of an enrolment that ``cls`` comes after on ``start``."""
        old = current.class_id
        if old.year_id == cls.year_id:
            return start - timedelta(days=1), "other_class"
        day = min(start - timedelta(days=1), old.year_id.date_end)
        reason = "promoted" if cls.grade > old.grade else "repeats" if cls.grade == old.grade else "other_class"
        return day, reason

    def _apply_guardians(self, plans):
        wanted = [(plan.student, task["adult"]) for plan in plans for task in plan.guardians if "adult" in task]
        partners = self._adults([adult for _student, adult in wanted])
        self.env["vshu.guardian"].create(
            [
                {
                    "student_id": student.id,
                    "partner_id": partner.id,
                    "kind": adult["kind"],
                    "date_from": False,
                }
                for (student, adult), partner in zip(wanted, partners, strict=True)
            ]
        )
        for plan in plans:
            for task in plan.guardians:
                if "partner" in task and digits(task["partner"].phone) != digits(task["phone"]):
                    task["partner"].write({"phone": task["phone"]})

    def _adults(self, adults):
        """Return the contact of each adult: one of this name and phone that is there, as of a sister, or a new one."""
        named = [adult for adult in adults if adult["phone"]]
        known = {}
        if named:
            found = self.env["res.partner"].search_fetch(
                [
                    ("name", "in", sorted({adult["name"] for adult in named})),
                    ("phone", "!=", False),
                    ("is_company", "=", False),
                    ("vshu_is_student", "!=", True),
                ],
                ["name", "phone"],
                order="id desc",
            )
            known = {(name_key(partner.name), digits(partner.phone)): partner for partner in found}
        vals_list, keys = [], {}
        for number, adult in enumerate(adults):
            key = (name_key(adult["name"]), digits(adult["phone"]) or f"#{number}")
            if key not in known and key not in keys:
                keys[key] = len(vals_list)
                vals_list.append({"name": adult["name"], "phone": adult["phone"] or False})
        partners = self.env["res.partner"].with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        made = partners.create(vals_list)
        result = []
        for number, adult in enumerate(adults):
            key = (name_key(adult["name"]), digits(adult["phone"]) or f"#{number}")
            result.append(known.get(key) or made[keys[key]])
        return result
