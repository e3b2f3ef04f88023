import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every
from psycopg2.errors import SerializationFailure

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded, without_defaults
from odoo.addons.vshu_registry.tools.locks import wait_for

_logger = logging.getLogger(__name__)

#: rows that are written in one go
BATCH = 250
#: how often the job waits for another list of the school
ATTEMPTS = 10
KINDS = [("class_list", "Class list"), ("takeover", "Children already on the register")]
#: who takes over the register: those who keep it
OFFICE = {"social_pedagogue", "deputy_head", "head"}
ENCODINGS = [
    ("utf_8", "UTF-8"),
    ("utf_16", "UTF-16"),
    ("utf_16_le", "UTF-16 LE"),
    ("utf_16_be", "UTF-16 BE"),
    ("cp1251", "Windows-1251"),
    ("kz1048", "KZ-1048"),
    ("koi8_r", "KOI8-R"),
    ("cp866", "DOS 866"),
    ("cp855", "DOS 855"),
    ("mac_cyrillic", "Mac Cyrillic"),
]
#: written by the steps of the import only
GUARDED = {
    "state",
    "sheet",
    "note",
    "line_ids",
    "problem_line_ids",
    "confirmed_by_id",
    "date_confirmed",
    "date_done",
    "problem_file",
    "problem_file_name",
}
#: what the check of a list rests on
CHECKED = {"file", "file_name", "date", "create_classes", "encoding", "header_row"}


class VshuImport(models.Model):
    """A list that a school brings in: read, checked row by row, shown, and written only when it is confirmed.

    Of people nothing is written before the confirmation. What each user may bring in is checked by their own rights:
    the batches run as the user who confirmed. How a kind of list is understood and carried out is said by
    ``_parse_<kind>``, ``_plan_<kind>`` and ``_apply_<kind>``.
    """

    _name = "vshu.import"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Import of a list"
    _order = "id desc"

    _rule_fields = ("is_stood_in",)

    is_stood_in = fields.Boolean(
        string="A paper register, and I stand in for those who keep the register",
        compute="_compute_rule_fields",
        search="_search_is_stood_in",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    kind = fields.Selection(KINDS, required=True, default="class_list")
    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("draft", "File"), ("preview", "Checked"), ("queued", "Being imported"), ("done", "Imported")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    file = fields.Binary(string="List", attachment=True, copy=False)
    file_name = fields.Char(string="Name of the file", copy=False)
    encoding = fields.Selection(ENCODINGS, help="Of a text file; found out where it is left empty.")
    header_row = fields.Integer(string="Row of the headings", help="0: found out.", aggregator=None)
    date = fields.Date(
        string="In their classes from",
        required=True,
        default=lambda self: self.env.company._vshu_today(),
        help="The day on which enrolments begin and changes of class take effect: for the first list of a year most "
        "often its first day.",
    )
    create_classes = fields.Boolean(
        string="Create missing classes", help="Classes that the school year does not have yet are made."
    )
    sheet = fields.Char(readonly=True, copy=False)
    note = fields.Text(readonly=True, copy=False)
    column_ids = fields.One2many("vshu.import.column", "import_id", string="Columns", copy=False)
    line_ids = fields.One2many("vshu.import.line", "import_id", string="Rows", readonly=True, copy=False)
    problem_line_ids = fields.One2many(
        "vshu.import.line", "import_id", string="Problems", domain=[("action", "=", "problem")], copy=False
    )
    count_total = fields.Integer(string="Rows (number)", compute="_compute_counts")
    count_create = fields.Integer(string="New", compute="_compute_counts")
    count_change = fields.Integer(string="Changed", compute="_compute_counts")
    count_same = fields.Integer(string="Unchanged", compute="_compute_counts")
    count_problem = fields.Integer(string="Problems (number)", compute="_compute_counts")
    count_left = fields.Integer(string="To be imported", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True, copy=False)
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    date_done = fields.Datetime(string="Imported on", readonly=True, copy=False)
    problem_file = fields.Binary(string="File of the problems", attachment=True, readonly=True, copy=False)
    problem_file_name = fields.Char(string="Name of the file of the problems", readonly=True, copy=False)

    _state_idx = models.Index("(state) WHERE state = 'queued'")

    def _search_is_stood_in(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("kind", "=", "takeover") & Domain("company_id.vshu_office_standin", "=", True)

    @api.depends("line_ids.action", "line_ids.done")
    def _compute_counts(self):
        counts = {}
        for record, action, done, number in self.env["vshu.import.line"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "action", "done"], ["__count"]
        ):
            counts.setdefault(record.id, {})[action, done] = number
        for record in self:
            found = counts.get(record._origin.id, {})
            for action in ("create", "change", "same", "problem"):
                record[f"count_{action}"] = found.get((action, False), 0) + found.get((action, True), 0)
            record.count_total = sum(found.values())
            done = sum(number for (_action, done), number in found.items() if done)
            record.count_left = record.count_total - record.count_problem - done
            record.progress = 100.0 * done / (done + record.count_left) if done + record.count_left else 0

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{kinds.get(record.kind, '')} № {record._origin.id or ''}"

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin imports; all else is reached by their buttons (AccessError)."""
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED)
            for vals in vals_list:
                if any(vals.get(name) for name in GUARDED - {"state"}) or vals.get("state", "draft") != "draft":
                    raise AccessError(self.env._("What becomes of a list is written by its buttons."))
        return super().create(vals_list)

    def write(self, vals):
        """Change what is to be imported; a list that was checked is to be checked again."""
        if not is_guarded(self.env):
            # rows are changed by their own rights and checks
            if (GUARDED - {"problem_line_ids", "line_ids"}) & vals.keys():
                raise AccessError(self.env._("What becomes of a list is written by its buttons."))
            if any(record.kind != vals.get("kind", record.kind) for record in self) or "company_id" in vals:
                raise UserError(self.env._("Kind and school of a list stay as they are: begin a new import."))
            if CHECKED & vals.keys():
                self._to_check_again()
            if "file" in vals:
                # what was found out of the file before does not hold for this one
                vals = {"encoding": False, "header_row": 0, **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_running(self):
        for record in self:
            if record.state == "queued":
                raise UserError(self.env._("%s is being imported: wait until it is done.", record.display_name))

    def _to_check_again(self):
        """Take checked lists back to the beginning; raise UserError where one is being imported or is done."""
        for record in self:
            if record.state in ("queued", "done"):
                raise UserError(
                    self.env._("%s is imported already: begin a new import for another list.", record.display_name)
                )
        # sudo: the state follows from the change, whose right is checked by the caller
        guarded(self.sudo().filtered(lambda record: record.state == "preview")).write({"state": "draft"})

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_read(self):
        """Read the file and check every row against what is on file; nothing is written about people.

        Raises AccessError for who may not bring in such a list, UserError for a file that cannot be read.
        """
        self.ensure_one()
        self._check_right()
        self._lock()
        if self.state not in ("draft", "preview"):
            raise UserError(
                self.env._("%s is imported already: begin a new import for another list.", self.display_name)
            )
        self._working()._read()
        return True

    def action_confirm(self):
        """Import the rows without problems: a short list at once, a long one in the background, batch by batch.

        Raises AccessError for who may not bring in such a list, UserError where there is nothing to import.
        """
        self.ensure_one()
        self._check_right()
        self._lock()
        if self.state not in ("preview", "done"):
            raise UserError(self.env._("%s: check the file first, then import it.", self.display_name))
        if not self.count_left:
            raise UserError(
                self.env._(
                    "%s: there is no row that can be imported. Look at the problems, put the file right and check it "
                    "again.",
                    self.display_name,
                )
            )
        state = guarded(self.sudo())  # sudo: the right was checked; state and dates are written by this step only
        state.write({"state": "queued", "confirmed_by_id": self.env.uid, "date_confirmed": fields.Datetime.now()})
        if self.count_left > self._school().import_direct_rows:
            # sudo: the job imports with the rights of the user who confirmed
            self.env.ref("vshu_import.cron_vshu_import").sudo()._trigger()
            return True
        work = self._working()
        work._school()._lock_imports()
        while work._run_batch():
            pass
        work._finish()
        return True

    def action_refresh(self):
        """Show how far the import has come. Raises AccessError where the user may not read it."""
        self.check_access("read")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_problem_file(self):
        """Save the rows with problems, each with what is wrong, as a file that can be put right and imported.

        Returns the download. Raises AccessError where the user may not change the import, UserError without problems.
        """
        self.ensure_one()
        self.check_access("write")
        self._working()._save_problems()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/vshu.import/{self.id}/problem_file/{self.problem_file_name}?download=true",
            "target": "download",
        }

    def action_open_lines(self):
        """Open the rows of the list. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_import.action_vshu_import_line")
        return dict(action, domain=[("import_id", "=", self.id)], display_name=self.display_name)

    # -- scheduled ---------------------------------------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Import the lists that wait, in batches, each committed, each with the rights of the user who confirmed."""
        queued = self.search([("state", "=", "queued")], order="date_confirmed, id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=sum(queued.mapped("count_left")) + len(queued))
        for record in queued:
            try:
                while done := record._working(record.confirmed_by_id)._run_batch_of_job():
                    if not progress(done):
                        return
                record._working(record.confirmed_by_id)._finish()
            except Exception:
                self.env.cr.rollback()
                _logger.exception(
                    "Import %s failed; what was imported stays, the rest can be confirmed again", record.id
                )
                guarded(record).write({"state": "preview"})
            if not progress(1):
                return

    @api.autovacuum
    def _gc_imports(self):
        """Delete the lists that are older than the school keeps them: they hold data of children."""
        now = fields.Datetime.now()
        for school in self.env["vshu.school"].search([("import_keep_days", ">", 0)]):
            limit = now - timedelta(days=school.import_keep_days)
            old = self.search(
                [("company_id", "=", school.company_id.id), ("state", "!=", "queued"), ("write_date", "<", limit)]
            )
            for batch in split_every(20, old.ids, self.browse):
                batch.unlink()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _check_right(self):
        """Raise AccessError for whoever may not bring in such a list."""
        self.check_access("write")
        if self.env.su:
            return
        if self.kind == "class_list":
            self.env["res.partner"]._vshu_check_keeper()
            if self.create_classes and not self.env["vshu.class"].has_access("create"):
                raise AccessError(
                    self.env._(
                        "Classes are made by the register administrator: take the tick “Create missing classes” away, "
                        "or ask the administrator to import the list."
                    )
                )
        elif not self.env["vshu.role"]._my_roles(self.company_id).get(self.company_id.id, set()) & OFFICE:
            raise AccessError(
                self.env._(
                    "Children already on the register are taken over by the social pedagogue, the deputy head or the "
                    "head."
                )
            )

    def _lock(self):
        wait_for(self.sudo())  # sudo: the right was checked; two clicks wait for each other

    def _school(self):
        return self.env["vshu.school"]._for_company(self.company_id)

    def _working(self, user=None):
        """Return the import in the one school that it belongs to, as ``user`` where one is given."""
        self.ensure_one()
        record = self.with_user(user) if user else self
        context = {key: value for key, value in self.env.context.items() if not key.startswith("default_")}
        context.update(allowed_company_ids=self.company_id.ids)
        if user:
            context.update(lang=user.lang, tz=user.tz)
        return record.with_env(record.env(context=context))

    def _lines(self, domain=()):
        """Return rows of the list, to be written by the system."""
        # sudo: rows are written by reading and importing only, for users whose right on the import was checked
        lines = self.env["vshu.import.line"].sudo()
        return guarded(lines).search([("import_id", "=", self.id), *domain], order="row")

    def _run_batch(self):
        """Import the next rows; return how many were looked at, 0 where none is left.

        A row that fails is taken out and marked with what the refusal says; the others go through.
        """
        self._check_right()
        lines = guarded(self.env["vshu.import.line"].sudo()).search(  # sudo: see _lines
            [("import_id", "=", self.id), ("done", "=", False), ("action", "!=", "problem")], order="row", limit=BATCH
        )
        if not lines:
            return 0
        try:
            with self.env.cr.savepoint():
                self._import(lines)
        except Exception:
            self.env.invalidate_all()
            for line in lines:
                try:
                    with self.env.cr.savepoint():
                        self._import(line)
                except Exception as error:
                    self.env.invalidate_all()
                    line.write({"action": "problem", "problem": self._failure(error)})
        number = len(lines)
        self.env.flush_all()
        self.env.invalidate_all()
        return number

    def _run_batch_of_job(self):
        """Import the next rows as ``_run_batch``, on a snapshot that holds what other lists of the school brought."""
        for left in reversed(range(ATTEMPTS)):
            try:
                self._school()._lock_imports()
                break
            except (SerializationFailure, UserError):
                if not left:
                    raise
                # another list is imported: nothing was done yet in this transaction, so it begins anew
                self.env.cr.rollback()
        return self._run_batch()

    def _import(self, lines):
        """Work out once more what is to be done with ``lines``, for others may have changed it, and do it."""
        plans = self._plan_again(lines)
        apply = getattr(self, f"_apply_{self.kind}")
        apply([plan for plan in plans if not plan.problems])
        lines.filtered(lambda line: line.action != "problem").write({"done": True})
        self.env.flush_all()

    def _failure(self, error):
        """Return what is told of a row that could not be imported."""
        if isinstance(error, UserError):
            return str(error)
        _logger.exception("A row of import %s failed", self.id)
        return self.env._("This row could not be imported. Enter the child by hand, or ask the administrator.")

    def _finish(self):
        # sudo: the state follows from the rows that are done
        guarded(self.sudo()).write({"state": "done", "date_done": fields.Datetime.now()})
