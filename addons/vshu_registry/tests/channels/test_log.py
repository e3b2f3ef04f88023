"""security.md 4: the user reads the child's name in a message, the server's log never does."""

import json
import logging
from contextlib import contextmanager
from urllib.parse import quote

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL
from psycopg2 import Error

from odoo.addons.vshu_registry.tools import log_mask

from ..access_common import AccessCommon
from ..web_common import WebCommon

#: part of the child's and of the parent's name, and of whatever is written about them
MARK = "Меченов"


class LogReader(logging.Handler):
    """Keeps whatever any logger writes at INFO or above, as it would stand in a file."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class LogCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.kz
        for student in (cls.kz.student, cls.kz.other_student):
            student.name = f"{MARK} {student.name}"
        cls.fill(cls.kz)
        cls.kz.guardian.partner_id.name = f"{MARK} Отец"

    def setUp(self):
        super().setUp()
        self.reader = LogReader()

    @contextmanager
    def listening(self):
        """Let the reader have all that is logged, and nobody else: the errors are meant to come."""
        everything = logging.getLogger()
        handlers = everything.handlers
        everything.handlers = [self.reader]
        try:
            yield
        finally:
            everything.handlers = handlers

    def assert_clean(self, some=True):
        """Assert that the log names nobody, in no spelling; with ``some``, that it says something all the same."""
        if some:
            self.assertTrue([line for line in self.reader.lines if "WARNING" in line or "ERROR" in line])
        spellings = (MARK, json.dumps(MARK).strip('"'), str(MARK.encode())[2:-1], quote(MARK))
        for line in self.reader.lines:
            for spelling in spellings:
                self.assertNotIn(spelling, line)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLog(LogCommon):
    """Failing calls of every model of the register, logged as Odoo logs them."""

    def log(self, function, *args):
        """Call, and log the error as ``odoo.http`` and ``ir.cron`` do; tell whether the user would read the mark."""
        try:
            with self.env.cr.savepoint(flush=False) as savepoint:
                function(*args)
                self.env.flush_all()
                savepoint.rollback()
        except (UserError, AccessError) as error:
            self.logger.warning(error)
            return MARK in str(error)
        except Exception as error:  # noqa: BLE001 what is wrong is tested elsewhere; here, what is logged of it
            self.logger.exception("Job %r failed: %s", "x", error)
            return MARK in str(error)
        finally:
            self.env.invalidate_all()
        return False

    def test_every_model(self):
        """Creating, writing and every button of every model, with the mark in whatever takes words."""
        self.logger = logging.getLogger("odoo.http")
        named = calls = 0
        for name in sorted(self.env.registry):
            if not name.startswith("vshu.") or self.env[name]._abstract:
                continue
            model = self.see(self.bag, "social_pedagogue", self.env[name])
            # sudo: a record about the marked child, whoever may read it
            record = self.env[name].sudo().search([], limit=1, order="id desc").with_env(model.env)
            words = {}
            for field in model._fields.values():
                if field.type in ("char", "text", "html", "selection", "date", "datetime", "integer", "float"):
                    words[field.name] = MARK
                elif field.type == "many2one" and field.comodel_name == "res.partner":
                    words[field.name] = self.bag.student.id
            jobs = [(model.create, dict(words)), (model.create, {})]
            if record:
                jobs += [(record.write, {key: value}) for key, value in words.items()]
                for method in dir(type(record)):
                    if method.startswith("action_") and callable(getattr(type(record), method)):
                        jobs.append((getattr(record, method),))
                jobs += [(record.unlink,), (record.copy,), (record.read, [MARK])]
            with self.listening():
                for function, *args in jobs:
                    calls += 1
                    named += self.log(function, *args)
        self.assertGreater(calls, 800)
        self.assertGreater(named, 20)
        self.assert_clean()

    def test_messages_that_name_a_child(self):
        """Category, guardian, enrolment, birth date twice or wrong: the message names the child, the log its place."""
        bag = self.bag
        self.logger = logging.getLogger("odoo.http")
        student, keeper = bag.student, "social_pedagogue"
        adult = bag.guardian.partner_id
        jobs = [
            ("vshu.category.entry", {"student_id": student.id, "category_id": bag.category.category_id.id}),
            ("vshu.guardian", {"student_id": student.id, "partner_id": adult.id, "kind": "mother"}),
            ("vshu.enrollment", {"student_id": student.id, "class_id": bag.class_b.id, "date_from": "2026-09-01"}),
            ("vshu.case", {"student_id": student.id, "company_id": bag.company.id, "reason": "…"}),
        ]
        told = 0
        with self.listening():
            for model, vals in jobs:
                told += self.log(self.see(bag, keeper, self.env[model]).create, vals)
            for vals in ({"vshu_birth_date": "2099-01-01"}, {"vshu_birth_date": "1900-01-01"}):
                told += self.log(self.see(bag, keeper, student).write, vals)
        self.assertGreaterEqual(told, 4)
        self.assert_clean()
        lines = [line for line in self.reader.lines if "not logged" in line]
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"Error at vshu_\w+/[\w/]+\.py:\d+")

    def test_errors_of_others_stay(self):
        """What has nothing to do with the register is logged as it was."""
        logger = logging.getLogger("odoo.http")
        with self.listening():
            logger.warning(UserError("Invoice 7 is posted"))
            logger.warning("%s of %s", 3, {"a": 1})
            # run as another addon's code: none of ours stands between the call and the error
            exec(  # noqa: S102
                "try: country.browse(77777777).name\nexcept Exception as e: log(e)",
                {"__name__": "odoo.addons.other", "country": self.env["res.country"], "log": logger.error},
            )
        text = "\n".join(self.reader.lines)
        self.assertIn("Invoice 7 is posted", text)
        self.assertIn("3 of {'a': 1}", text)
        self.assertIn("77777777", text)
        self.assertNotIn("not logged", text)

    def test_query_values(self):
        """A query that fails is logged without its values, and without the row that the database shows."""
        student = self.bag.student
        for query in (
            SQL("UPDATE res_partner SET name = %s, company_id = %s WHERE id = %s", MARK, "x", student.id),
            SQL("INSERT INTO vshu_family (name) VALUES (%s)", f"O'{MARK}'"),
            SQL("SELECT %s::integer FROM vshu_case", MARK),
        ):
            with self.listening(), self.assertRaises(Error), self.env.cr.savepoint():
                self.env.cr.execute(query)
        self.assertEqual(len([line for line in self.reader.lines if "bad query" in line]), 3)
        self.assert_clean()

    def test_failed_job_and_chain(self):
        """A job's traceback keeps places and causes, not words; addresses of a mail that failed are left out."""
        logger = logging.getLogger("odoo.addons.base.models.ir_cron")
        with self.listening():
            try:
                try:
                    self.see(self.bag, "social_pedagogue", self.bag.student).write({"vshu_birth_date": "2099-01-01"})
                except ValidationError as error:
                    raise ValueError(MARK) from error
            except ValueError:
                logger.exception("Job %r failed", "night")
        text = self.reader.lines[-1]
        self.assertIn("Traceback", text)
        self.assertIn("odoo.exceptions.ValidationError", text)
        self.assertIn("direct cause", text)
        mails = logging.getLogger("odoo.addons.mail.models.mail_mail")
        with self.listening():
            try:
                raise OSError(f"550 {MARK}@example.com refused")
            except OSError as error:
                mails.exception("failed sending mail (id: %s) due to %s", 5, str(error))
            mails.info("Ignoring invalid recipients for mail.mail %s: %s", 5, f"{MARK}@example.com")
        self.assert_clean()
        self.assertIn("id: 5", self.reader.lines[-2])

    def test_error_put_into_words(self):
        """A line that repeats the text of an error which is being handled, without the error itself."""
        with self.listening():
            try:
                self.see(self.bag, "social_pedagogue", self.bag.student).write({"vshu_birth_date": "2099-01-01"})
            except ValidationError as error:
                logging.getLogger("odoo.addons.mail").warning(f"It failed: {error}")  # noqa: G004 as others do
        self.assert_clean()

    def test_words_of_a_search(self):
        """What a list was searched by before it was exported; ids stay."""
        logger = logging.getLogger("odoo.addons.web.controllers.export")
        with self.listening():
            template = "User %d exported %d %r records from %s. Fields: %s. %s: %s"
            logger.warning(template, 2, 1, "vshu.case", "127.0.0.1", "name", "Domain", [["name", "ilike", MARK]])
            logger.warning(template, 2, 1, "vshu.case", "127.0.0.1", "name", "IDs sample", [4, 5])
        self.assert_clean()
        self.assertIn("[4, 5]", self.reader.lines[-1])

    def test_mask_fails_closed(self):
        """Where a line cannot be looked through, it says so, and no more."""

        class Odd:
            def __str__(self):
                raise ValueError(MARK)

        with self.listening():
            logging.getLogger("odoo.addons.mail.models.mail_mail").warning("%s", Odd())
        self.assertIn("could not be masked", self.reader.lines[-1])
        self.assertTrue(logging.getLogRecordFactory().vshu_mask)
        before = logging.getLogRecordFactory()
        log_mask.install()
        self.assertIs(logging.getLogRecordFactory(), before)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLogHttp(LogCommon, WebCommon, HttpCase):
    def test_over_http(self):
        """The messages reach the user by both ways in, the log by neither; a file's name stays out of the addresses."""
        bag = self.bag
        user = self.log_in(bag, "social_pedagogue")
        jobs = [
            ("vshu.category.entry", {"student_id": bag.student.id, "category_id": bag.category.category_id.id}),
            ("vshu.enrollment", {"student_id": bag.student.id, "class_id": bag.class_b.id, "date_from": "2026-09-01"}),
        ]
        with self.listening():
            answers = [self.rpc(model, "create", vals) for model, vals in jobs]
            answers.append(self.rpc("res.partner", "write", bag.student.ids, {"vshu_birth_date": "2099-01-01"}))
            self.url_open(f"/web/content/{bag.student.id}?filename={quote(MARK)}.pdf&download=1")
            self.url_open(f"/web/content/res.partner/{bag.student.id}/image_128/{quote(MARK)}.png")
            key = self.key_of(user)
            programs = [self.json2(key, model, "create", vals_list=[vals]) for model, vals in jobs]
        self.assertTrue(all("error" in answer for answer in answers))
        self.assertTrue(any(MARK in json.dumps(answer, ensure_ascii=False) for answer in answers))
        for status, text in programs:
            self.assertGreaterEqual(status, 400, text)
        self.assert_clean()
