"""The hand-over to other schools is an addon of its own: its records go over with every row."""

from odoo.addons.vshu_registry.tools.moving import move_records

MODELS = ("vshu.transfer", "vshu.transfer.paper", "vshu.transfer.dialog", "vshu.transfer.import")
#: abstract models that serve the hand-over only
PARTS = ("flow", "receipt", "content", "words", "incoming")
FIELDS = (("vshu.case", "can_prepare_transfer"), ("vshu.case", "can_see_transfers"))
NAMES = """
access_vshu_transfer_dialog_staff access_vshu_transfer_import_staff access_vshu_transfer_paper_staff
access_vshu_transfer_staff action_report_transfer action_report_transfer_receipt action_vshu_transfer_import
action_vshu_transfer_in action_vshu_transfer_out kz_rule_transfer_confirm kz_rule_transfer_receipt
kz_rule_transfer_send menu_transfers menu_transfers_import menu_transfers_in menu_transfers_out report_transfer
report_transfer_document report_transfer_receipt report_transfer_receipt_document ru_rule_transfer_confirm
ru_rule_transfer_receipt ru_rule_transfer_send rule_vshu_transfer_company rule_vshu_transfer_dialog_own
rule_vshu_transfer_import_own rule_vshu_transfer_office rule_vshu_transfer_paper_company
rule_vshu_transfer_paper_heads rule_vshu_transfer_paper_office rule_vshu_transfer_paper_standin
rule_vshu_transfer_standin sequence_vshu_transfer transfer_preview transfer_sections transfer_style
view_vshu_case_form_transfer view_vshu_transfer_dialog_form view_vshu_transfer_form view_vshu_transfer_import_form
view_vshu_transfer_kanban view_vshu_transfer_list_in view_vshu_transfer_list_out view_vshu_transfer_search
"""


def migrate(cr, version):
    """Hand over models, fields and records, and have the new addon installed by this update.

    :param cr: cursor of the database that is being brought up to date
    :param version: the version it comes from
    """
    models = MODELS + tuple(f"vshu.transfer.{part}" for part in PARTS)
    move_records(cr, "vshu_registry", "vshu_transfer", models, NAMES, FIELDS)
