"""The import of lists is an addon of its own: its records go over with every row."""

from odoo.addons.vshu_registry.tools.moving import move_records

MODELS = ("vshu.import", "vshu.import.column", "vshu.import.line")
FIELDS = tuple(
    ("vshu.school", f"import_{name}")
    for name in ("max_rows", "max_mb", "direct_rows", "keep_days", "min_age", "max_age", "max_grade", "run")
)
NAMES = """
access_vshu_import_administrator access_vshu_import_column_administrator access_vshu_import_column_staff
access_vshu_import_line_administrator access_vshu_import_line_staff access_vshu_import_staff action_vshu_import
action_vshu_import_line action_vshu_takeover cron_vshu_import menu_import menu_takeover
rule_vshu_import_administrator rule_vshu_import_column_administrator rule_vshu_import_column_company
rule_vshu_import_column_keeper rule_vshu_import_column_office_read rule_vshu_import_column_office_write
rule_vshu_import_column_staff rule_vshu_import_company rule_vshu_import_keeper rule_vshu_import_line_administrator
rule_vshu_import_line_company rule_vshu_import_line_keeper rule_vshu_import_line_office_read
rule_vshu_import_line_office_write rule_vshu_import_line_staff rule_vshu_import_office_read
rule_vshu_import_office_write rule_vshu_import_staff view_vshu_import_form view_vshu_import_line_form
view_vshu_import_line_list view_vshu_import_line_search view_vshu_import_list view_vshu_import_search
view_vshu_school_form_import
"""


def migrate(cr, version):
    """Hand over models, fields and records, and have the new addon installed by this update.

    :param cr: cursor of the database that is being brought up to date
    :param version: the version it comes from
    """
    move_records(cr, "vshu_registry", "vshu_import", MODELS, NAMES, FIELDS)
