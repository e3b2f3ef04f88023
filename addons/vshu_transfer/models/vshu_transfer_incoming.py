import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.vshu_registry.tools.guard import guarded

from ..tools import transfer_package

#: states in which a record that came counts no more: it may come again, and another one may take its place
GONE_STATES = ("refused", "cancelled")
#: what a browser may open by itself; anything else of a foreign file is only saved
SHOWN = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp")
#: what it never opens, named rightly
KNOWN = ("application/vnd.", "application/msword", "application/zip")


def plain_name(name):
    """Return a person's name for comparing: small letters, ё as е, one space."""
    return " ".join((name or "").casefold().replace("ё", "е").split())


class VshuTransferIncoming(models.AbstractModel):
    """A record that came from another school: taken in whole, tied to the student, made use of for a case here."""

    _name = "vshu.transfer.incoming"
    _description = "Record from another school"

    @api.model
    def _create_incoming(self, company, package, date, student=None, family=None):
        """Take a package in at the school ``company`` on ``date``; the caller has checked the right, and calls in sudo.

        Raises UserError where the same record is there already, or another one that says it is the same.
        """
        record = package.record
        self._check_new(company, package)
        if student is None:
            found = self._matching_students(company, record)
            student = found if len(found) == 1 else found.browse()
        transfer = guarded(self).create(
            {
                "company_id": company.id,
                "direction": "in",
                "state": "arrived",
                "regulation_id": self.env["vshu.regulation"]._on_date(company, date).id,
                "student_id": student.id,
                "family_id": family.id if family else False,
                "subject_name": record["subject"]["name"],
                "sender_name": record["sender"]["name"],
                "number": record.get("number"),
                "summary": record.get("summary"),
                "recommendation": record.get("recommendation"),
                "date_closed": False,
                "date_sent": False,
                "date_arrived": date,
                "lang": self.with_company(company)._default_lang(),
                "payload": record,
                "digest": package.digest,
                "uid": record["uid"],
            }
        )
        transfer._take_papers(record.get("papers") or (), package.files)
        return transfer

    @api.model
    def _check_new(self, company, package):
        """Raise UserError where the record of ``package`` is at the school already, or another one in its place.

        The control code is made of the file alone: whoever makes a file makes its code. So a file that says it is a
        record which is here proves nothing, neither does the one that is here. The office asks the sender, and annuls
        the wrong one, which makes room for the right one.
        """
        # sudo: nobody reads the fields themselves; the caller keeps the register of this very school
        there = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("direction", "=", "in"),
                ("uid", "=", package.record["uid"]),
                ("state", "not in", GONE_STATES),
            ],
            limit=1,
        )
        if not there:
            return
        if there.digest == package.digest:
            raise UserError(
                self.env._(
                    "This record is here already: %(transfer)s, taken in on %(date)s. Nothing was taken in twice.",
                    transfer=there.display_name,
                    date=format_date(self.env, there.date_arrived),
                )
            )
        raise UserError(
            self.env._(
                "%(transfer)s, taken in on %(date)s, has the same mark but another content. Ring the sending school at "
                "a number that you know, not at one from these papers, and compare both control codes: %(there)s is "
                "here, %(code)s belongs to this file. If the one that is here is wrong, open it and annul it, then "
                "take this file in.",
                transfer=there.display_name,
                date=format_date(self.env, there.date_arrived),
                there=transfer_package.code_of(there.digest),
                code=transfer_package.code_of(package.digest),
            )
        )

    def _take_papers(self, rows, files):
        """Lay the papers of a package into its list; their files are read with the line, sealed ones by few."""
        self = self.with_context(lang=self._paper_lang())
        papers = guarded(self.env["vshu.transfer.paper"]).create(
            [
                {
                    "transfer_id": self.id,
                    "sequence": 10 * (number + 1),
                    "name": self._entry_words(row.get("type"), clause=False) or self.env._("Paper"),
                    "date": row.get("date"),
                    "author": row.get("author"),
                    "sealed": bool(row.get("sealed")),
                    "sheets": row.get("sheets") or 1,
                    "included": True,
                }
                for number, row in enumerate(rows)
            ]
        )
        vals_list = [
            {
                "name": self._file_name(file),
                "raw": files[file["member"]],
                "mimetype": self._file_type(files[file["member"]]),
                "res_model": papers._name,
                "res_id": paper.id,
            }
            for paper, row in zip(papers, rows, strict=True)
            for file in row.get("files") or ()
        ]
        attachments = self.env["ir.attachment"].create(vals_list)
        for paper in papers:
            mine = attachments.filtered(lambda file, paper=paper: file.res_id == paper.id)
            if mine:
                paper.write({"attachment_ids": [Command.set(mine.ids)]})

    @api.model
    def _file_name(self, file):
        """Return the name that a file had at the other school, without what a name must not hold."""
        name = re.sub(r"[\x00-\x1f\x7f/\\]", "_", file.get("name") or "").strip(" .")[:150]
        return name or file["member"].rpartition("/")[2]

    @api.model
    def _file_type(self, content):
        """Return the type of a foreign file: nothing that a browser would run."""
        found = guess_mimetype(content, default="")
        # not "octet-stream": Odoo would guess anew, by the ending of the name
        return found if found in SHOWN or found.startswith(KNOWN) else "application/x-download"

    # -- who it is ---------------------------------------------------------------------------------------------------

    @api.model
    def _candidate_students(self, company, record):
        """Return the students of the school who may be meant: of this name, or born on that day and alike in name."""
        subject = record.get("subject") or {}
        if subject.get("kind") != "student":
            return self.env["res.partner"]
        name = plain_name(subject.get("name"))
        words = set(name.split())
        students = self.env["res.partner"].with_context(allowed_company_ids=company.ids)
        alike = Domain("name", "=ilike", subject["name"].strip().replace("%", ""))
        if subject.get("birth_date"):
            alike |= Domain("vshu_birth_date", "=", subject["birth_date"])
        # where a student is enrolled is computed; a search by it alone does not wait for that
        students.flush_model(["vshu_company_ids"])
        found = students.search(
            Domain("vshu_is_student", "=", True) & Domain("vshu_company_ids", "in", company.ids) & alike, limit=200
        ).filtered(lambda s: words & set(plain_name(s.name).split()))
        return found.sorted(lambda s: (plain_name(s.name) != name, s.id))

    @api.model
    def _matching_students(self, company, record):
        """Return the students of the school with the name and the date of birth of the record."""
        subject = record.get("subject") or {}
        born = fields.Date.to_date(subject.get("birth_date"))
        if not born:
            return self.env["res.partner"]
        return self._candidate_students(company, record).filtered(
            lambda s: s.vshu_birth_date == born and plain_name(s.name) == plain_name(subject["name"])
        )

    @api.model
    def _differences(self, student, record):
        """Return in plain words what our school has otherwise than the record."""
        subject = record.get("subject") or {}
        lines = []
        if plain_name(student.name) != plain_name(subject.get("name")):
            lines.append(
                self.env._("name: there “%(there)s”, here “%(here)s”", there=subject.get("name"), here=student.name)
            )
        born = fields.Date.to_date(subject.get("birth_date"))
        if born and student.vshu_birth_date != born:
            lines.append(
                self.env._(
                    "date of birth: there %(there)s, here %(here)s",
                    there=format_date(self.env, born),
                    here=format_date(self.env, student.vshu_birth_date) or "-",
                )
            )
        if subject.get("sex") and student.vshu_sex and subject["sex"] != student.vshu_sex:
            lines.append(self.env._("sex is entered otherwise"))
        if subject.get("class_name") and student.vshu_class_id.name != subject["class_name"]:
            lines.append(
                self.env._(
                    "class: there %(there)s, here %(here)s",
                    there=subject["class_name"],
                    here=student.vshu_class_id.name or "-",
                )
            )
        return lines

    # -- a case here -------------------------------------------------------------------------------------------------

    def action_open_case(self):
        """Make a draft case of the record: ground by its code where the regulation is the same, the earlier stay and
        the work done in words. Nothing is decided by it: basis and route are this school's.

        Returns an act_window on the case. Raises AccessError for who makes no cases, UserError where the student is not
        chosen, or has an open case already.
        """
        self.ensure_one()
        self._check_flag("can_open_case")
        if not self.student_id and not self.family_id:
            raise UserError(
                self.env._("%s: choose whom of this school it is about, then open the case.", self.display_name)
            )
        case = self.env["vshu.case"].create(self._case_vals())
        # sudo: the right was checked by the flag, and by making the case
        guarded(self.sudo()).write({"opened_case_id": case.id})
        return case.action_open()

    def _case_vals(self):
        """Return create values of the case that the record opens here (KZ-21: an earlier stay is told)."""
        payload = self._shown_payload()
        told = payload.get("case") or {}
        subject = "family" if self.family_id and not self.student_id else "student"
        # sudo: the catalogue of the school's own regulation
        regulation = self.env["vshu.regulation"]._on_date(self.company_id, self._vshu_today()).sudo()
        kind = told.get("kind") if told.get("kind") == "control" and regulation.has_control else "register"
        return {
            "company_id": self.company_id.id,
            "subject": subject,
            "kind": kind,
            "student_id": self.student_id.id if subject == "student" else False,
            "family_id": self.family_id.id if subject == "family" else False,
            "ground_id": self._same_ground(regulation, told.get("ground"), kind, subject).id,
            "reason": self._case_reason(payload),
            "measures_before": "\n\n".join(filter(None, [told.get("measures_before"), payload.get("summary")])),
        }

    @api.model
    def _same_ground(self, regulation, entry, kind, subject):
        """Return the ground of our regulation with the code of theirs, where it is the same regulation."""
        entry = entry or {}
        if not entry.get("code") or entry.get("regulation") != regulation.code:
            return regulation.ground_ids.browse()
        return regulation.ground_ids.filtered(
            lambda ground: ground.code == entry["code"] and (ground.kind, ground.subject) == (kind, subject)
        )[:1]

    def _case_reason(self, payload):
        told = payload.get("case") or {}
        earlier = self.env._(
            "Was on the register of “%(school)s” from %(start)s to %(end)s: %(ground)s. Record %(transfer)s.",
            school=self.sender_name,
            start=self._day(told.get("date_placed")) or "…",
            end=self._day(told.get("date_removed")) or "…",
            ground=self._entry_words(told.get("ground")) or "-",
            transfer=self.name,
        )
        return "\n\n".join(filter(None, [earlier, told.get("reason")]))
