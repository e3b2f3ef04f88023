def post_init_hook(env):
    """Put the cases that wait for the council when the addon comes on its list."""
    env["vshu.case"]._council_take_up()


def uninstall_hook(env):
    """Leave the register working: what only the council knows goes, decisions and journal rows stay.

    Kinds of decisions that the addon brought are taken off the decisions that used them, so that nothing refers to what
    goes; reminders of meetings go as well.
    """
    env["mail.activity"].with_context(active_test=False).search(
        [("res_model", "in", ("vshu.meeting", "vshu.meeting.participant"))]
    ).unlink()
